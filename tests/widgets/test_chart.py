"""Bars are as long as their values, their numbers stand beside them, and no line is wider than its room."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.text import cell_width
from app.widgets.chart import ChartBar, bar_of, chart_lines
from app.widgets.signs import ASCII, UNICODE, Signs


def drawn(bars: list[ChartBar], width: int, signs: Signs = UNICODE) -> list[str]:
    return ["".join(span.text for span in line) for line in chart_lines(bars, width, signs)]


def test_bars_are_drawn_to_the_eighth_of_a_cell() -> None:
    assert bar_of(16, 16, 2) == "██"
    assert bar_of(9, 16, 2) == "█▏"
    assert bar_of(8, 16, 2) == "█"
    assert bar_of(7, 16, 2) == "▉"
    assert bar_of(1, 16, 2) == "▏"
    assert bar_of(0, 16, 2) == ""


def test_a_little_is_never_drawn_as_nothing() -> None:
    assert bar_of(1, 1_000_000, 10) == "▏"
    assert bar_of(1, 1_000_000, 10, ASCII) == "#"


def test_nothing_at_all_has_no_bars() -> None:
    assert drawn([ChartBar("Neu", 0, ("0",)), ChartBar("Aktiv", 0, ("0",))], 30) == [
        "Neu" + " " * 26 + "0",
        "Aktiv" + " " * 24 + "0",
    ]
    assert chart_lines([], 60) == []


def test_labels_bars_and_numbers_stand_in_columns() -> None:
    bars = [
        ChartBar("Neu", 1240, ("1.240", "")),
        ChartBar("Aktiv", 620, ("620", "50,0 %"), whole=1240),
        ChartBar("Gewonnen", 5, ("5", "0,8 %"), whole=620),
    ]
    assert drawn(bars, 50) == [
        "Neu       █████████████████████████  1.240        ",
        "Aktiv     ████████████▌░░░░░░░░░░░░    620  50,0 %",
        "Gewonnen  ▏░░░░░░░░░░░░                  5   0,8 %",
    ]
    assert drawn(bars, 50, ASCII) == [
        "Neu       #########################  1.240        ",
        "Aktiv     ############.............    620  50,0 %",
        "Gewonnen  #...........                   5   0,8 %",
    ]


def test_where_room_is_short_the_last_numbers_go_and_the_first_stay() -> None:
    bars = [ChartBar("Berg", 4, ("4", "120.000 €", "vor 12 Tagen"))]
    assert drawn(bars, 60)[0].endswith("4  120.000 €  vor 12 Tagen")
    assert drawn(bars, 40)[0].endswith("4  120.000 €")
    assert drawn(bars, 24)[0].endswith("█  4")


def test_what_stands_in_a_label_cannot_reach_the_terminal() -> None:
    (line,) = drawn([ChartBar("Messe\x1b[2J\u202ezzz", 1, ("1\x1b]0;x\x07",))], 60)
    assert "\x1b" not in line
    assert "\u202e" not in line
    assert cell_width(line) == 60


bars_of_any_kind = st.lists(
    st.builds(
        ChartBar,
        label=st.text(max_size=40),
        value=st.floats(0, 1e15),
        told=st.lists(st.text("0123456789.,% €", max_size=12), max_size=3).map(tuple),
        whole=st.floats(0, 1e15),
    ),
    max_size=5,
)


@given(bars_of_any_kind, st.integers(60, 200), st.sampled_from([UNICODE, ASCII]))
def test_every_line_fills_its_width_from_60_cells_on(bars: list[ChartBar], width: int, signs: Signs) -> None:
    assert [cell_width(line) for line in drawn(bars, width, signs)] == [width] * len(bars)


@given(st.lists(st.integers(0, 10**15), min_size=2, max_size=8), st.integers(1, 120))
def test_a_larger_value_never_has_the_shorter_bar(values: list[int], room: int) -> None:
    values.sort()
    eighths = [
        sum(UNICODE.blocks.index(sign) + 1 for sign in bar_of(value, values[-1], room)) for value in values
    ]
    assert eighths == sorted(eighths)
    assert eighths[-1] == (8 * room if values[-1] else 0)


@pytest.mark.parametrize("signs", [UNICODE, ASCII])
def test_signs_of_bars_are_one_cell_wide(signs: Signs) -> None:
    assert [cell_width(sign) for sign in (*signs.blocks, signs.rest)] == [1] * (len(signs.blocks) + 1)

"""A terminal emulator that gets the bytes of a `Picture` shows what was wanted."""

from __future__ import annotations

import pyte
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import set_cell_size
from rich.color import ColorSystem
from rich.segment import Segment
from rich.style import Style

from app.widgets.picture import Picture
from app.widgets.sgr import Pen

WIDTH, HEIGHT = 24, 10
STYLES = [
    None,
    Style(bold=True),
    Style(dim=True),
    Style(bold=True, underline=True, color="red"),
    Style(color="#5f87af", bgcolor="#303030"),
    Style(reverse=True),
    Style(bgcolor="#303030", italic=True),
]


def terminal() -> tuple[pyte.Screen, pyte.Stream]:
    screen = pyte.Screen(WIDTH, HEIGHT)
    screen.reset_mode(pyte.modes.DECAWM)
    return screen, pyte.Stream(screen)


def picture() -> Picture:
    return Picture(Pen(ColorSystem.TRUECOLOR), WIDTH, HEIGHT)


words = st.text(alphabet="ab cdäöü•◦", min_size=1, max_size=8)
lines = st.lists(st.tuples(words, st.sampled_from(STYLES)), min_size=1, max_size=6)


def filled(pieces: list[tuple[str, Style | None]]) -> list[Segment]:
    """A whole line; what is left of it is blank in the style of the last piece."""
    segments, room, style = [], WIDTH, None
    for text, style in pieces:
        segments.append(Segment(text[:room], style))
        room -= len(text[:room])
    return [*segments, Segment(" " * room, style)]


def looks_of(segments: list[Segment]) -> list[tuple[object, ...]]:
    """What each cell must look like; of a blank only what can be seen."""
    cells: list[tuple[object, ...]] = []
    for text, style, _ in segments:
        style = style or Style.null()
        front = (
            style.color.triplet.hex[1:]
            if style.color and style.color.triplet
            else style.color and style.color.name
        )
        back = style.bgcolor.triplet.hex[1:] if style.bgcolor and style.bgcolor.triplet else "default"
        for char in text:
            seen = (bool(style.underline), bool(style.reverse), back)
            cells.append((char, *seen, *(() if char == " " else (bool(style.bold), front or "default"))))
    return cells


def looks_on(screen: pyte.Screen, y: int) -> list[tuple[object, ...]]:
    cells: list[tuple[object, ...]] = []
    for x in range(WIDTH):
        cell = screen.buffer[y][x]
        seen = (cell.underscore, cell.reverse, cell.bg)
        cells.append((cell.data, *seen, *(() if cell.data == " " else (cell.bold, cell.fg))))
    return cells


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(lines, min_size=HEIGHT, max_size=HEIGHT), min_size=1, max_size=4))
def test_the_terminal_shows_what_is_wanted_after_any_changes(screens):
    screen, stream = terminal()
    shown = picture()
    for wanted in screens:
        rows = [filled(line) for line in wanted]
        stream.feed(shown.update([(y, 0, row) for y, row in enumerate(rows)]))
        for y, row in enumerate(rows):
            assert looks_on(screen, y) == looks_of(row)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(lines, min_size=30, max_size=30),
    st.lists(st.tuples(st.integers(0, 20), st.integers(0, 7)), min_size=1, max_size=6),
)
def test_the_terminal_shows_what_is_wanted_after_any_scrolling(document, positions):
    screen, stream = terminal()
    shown = picture()
    head, foot = filled([("head", None)]), filled([("foot", Style(reverse=True))])
    for top, cursor in positions:
        rows = [filled(line) for line in document[top : top + HEIGHT - 2]]
        rows[cursor] = [
            Segment(s.text, (s.style or Style.null()) + Style(reverse=True)) for s in rows[cursor]
        ]
        pieces = [(y, 0, row) for y, row in enumerate([head, *rows, foot])]
        stream.feed(shown.update(pieces))
        for y, _, row in pieces:
            assert looks_on(screen, y) == looks_of(row)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, HEIGHT - 1), st.integers(0, 12), lines), min_size=1, max_size=12))
def test_pieces_of_lines_leave_the_rest_of_the_line_as_it_was(pieces):
    screen, stream = terminal()
    shown = picture()
    blank = [Segment(" " * WIDTH, None)]
    stream.feed(shown.update([(y, 0, blank) for y in range(HEIGHT)]))
    expected = [looks_of(blank) for _ in range(HEIGHT)]
    for y, x, line in pieces:
        cells = looks_of([Segment(text, style) for text, style in line])[: WIDTH - x]
        expected[y][x : x + len(cells)] = cells
        stream.feed(shown.update([(y, x, [Segment(text, style) for text, style in line])]))
    assert [looks_on(screen, y) for y in range(HEIGHT)] == expected


def text_on(screen: pyte.Screen) -> list[str]:
    return [line.rstrip() for line in screen.display]


mixed = st.text(alphabet="ab 東京\ufffdé…", max_size=14)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 3), st.sampled_from([0, 6]), mixed), min_size=1, max_size=12))
def test_characters_of_any_width_stand_where_they_should_after_any_changes(changes):
    screen, stream = terminal()
    shown = picture()
    left, right = [""] * HEIGHT, [""] * HEIGHT
    stream.feed(shown.update([(y, 0, [Segment(" " * WIDTH)]) for y in range(HEIGHT)]))
    for y, x, text in changes:
        if x:
            right[y] = set_cell_size(text, WIDTH - x)
            stream.feed(shown.update([(y, x, [Segment(right[y])])]))
        else:
            left[y] = set_cell_size(text, 6)
            stream.feed(shown.update([(y, 0, [Segment(left[y])])]))
        wanted = [(one or " " * 6) + other for one, other in zip(left, right, strict=True)]
        assert text_on(screen) == [line.rstrip() for line in wanted]


def test_nothing_is_sent_when_nothing_changed():
    shown = picture()
    row = [Segment("Rechnung".ljust(WIDTH), Style(bold=True))]
    shown.update([(2, 0, row)])
    assert shown.update([(2, 0, row)]) == ""


def test_a_list_that_moved_by_one_line_costs_one_line():
    shown = picture()
    rows = [[Segment(f"Angebot {n * 7919:015}".ljust(WIDTH), None)] for n in range(HEIGHT + 1)]
    shown.update([(y, 0, row) for y, row in enumerate(rows[:HEIGHT])])
    sent = shown.update([(y, 0, row) for y, row in enumerate(rows[1:])])
    assert len(sent) <= 2 * WIDTH


def test_a_list_that_moved_beside_a_pane_that_stayed_costs_little_more_than_one_line():
    shown = picture()
    pane = ["Mails", "> Neu", "Kunden", *[""] * HEIGHT]
    rows = [f"Angebot {n * 7919 % 1000:04} {'*' * (n % 5)}" for n in range(HEIGHT + 1)]

    def wanted(first: int) -> list[tuple[int, int, list[Segment]]]:
        thumb = [" "] * HEIGHT
        thumb[2 + first] = "#"
        lines = (f"{pane[y]:7}{rows[first + y]:16}{thumb[y]}" for y in range(HEIGHT))
        return [(y, 0, [Segment(line, None)]) for y, line in enumerate(lines)]

    shown.update(wanted(0))
    assert len(shown.update(wanted(1))) <= 4 * WIDTH


def test_a_line_of_doubtful_width_is_not_doubted_for_ever():
    shown = picture()
    shown.update([(0, 0, [Segment("Ordner  "), Segment("\ufffd Angebot".ljust(WIDTH - 8))])])
    shown.update([(0, 8, [Segment("Rechnung 1".ljust(WIDTH - 8))])])
    assert "Rechnung" not in shown.update([(0, 8, [Segment("Rechnung 2".ljust(WIDTH - 8))])])


def test_a_colour_that_every_terminal_has_is_sent_by_its_number():
    shown = picture()
    sent = shown.update([(0, 0, [Segment("neu", Style(color="#5fafd7", bgcolor="#1c1c1c"))])])
    assert "38;5;74;48;5;234m" in sent
    sent = shown.update([(0, 0, [Segment("neu", Style(color="#123456", bgcolor="#000000"))])])
    assert "38;2;18;52;86;48;2;0;0;0m" in sent


def test_control_characters_never_reach_the_terminal():
    shown = picture()
    sent = shown.update([(0, 0, [Segment("a\x1b]0;x\x07b\x9b31mc\r\n", None)])])
    assert "\x1b]" not in sent
    assert "\x07" not in sent
    assert "\x9b" not in sent


def test_a_link_target_cannot_end_its_own_sequence():
    shown = picture()
    sent = shown.update([(0, 0, [Segment("hier", Style(link="https://a.example/\x1b\\\x1b[2Jü"))])])
    assert "\x1b[2J" not in sent
    assert "https://a.example/%1B\\%1B[2J%C3%BC" in sent


def test_a_terminal_of_another_encoding_gets_only_what_it_can_show():
    shown = Picture(Pen(ColorSystem.STANDARD, "iso-8859-1"), WIDTH, HEIGHT)
    sent = shown.update([(0, 0, [Segment("Grüße… ◦ 東京", None)])])
    assert "Grüße. o ????" in sent


def test_wide_and_doubtful_characters_do_not_shift_what_follows():
    screen, stream = terminal()
    shown = picture()
    stream.feed(shown.update([(0, 0, [Segment("東京 Angebot".ljust(WIDTH - 2), None)])]))
    assert "".join(screen.buffer[0][x].data for x in range(WIDTH)).rstrip() == "東京 Angebot"


def test_without_colours_only_attributes_are_sent():
    shown = Picture(Pen(None), WIDTH, HEIGHT)
    sent = shown.update([(0, 0, [Segment("neu", Style(bold=True, color="red", bgcolor="blue"))])])
    assert "\x1b[;1mneu" in sent
    assert sent.count("m") == 2

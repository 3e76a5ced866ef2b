"""CSV files: what a spreadsheet reads in them is what was meant, and nothing in them is computed or overwrites a file."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import BadInput
from app.language import use_language
from app.mail.saving import NotSaved
from app.services.export.csv import (
    Shape,
    create_csv,
    file_name,
    harmless,
    save_csv,
    told,
    write_rows,
)

HEADER = ("Lead", "Wert")


@pytest.fixture(autouse=True)
def _german() -> Iterator[None]:
    use_language("de")
    yield
    use_language("de")


def test_a_german_file_opens_in_a_german_spreadsheet(tmp_path: Path) -> None:
    rows = [("Müller; Söhne", Decimal("12500.50")), ('Rahmen "2027"', None), ("zwei\nZeilen", 3)]
    path = save_csv(tmp_path, "leads.csv", HEADER, rows)
    assert (
        path.read_bytes()
        == (
            '\ufeffLead;Wert\r\n"Müller; Söhne";12500,50\r\n"Rahmen ""2027""";\r\n"zwei\nZeilen";3\r\n'
        ).encode()
    )


def test_an_english_file_has_commas_and_points(tmp_path: Path) -> None:
    use_language("en")
    path = save_csv(tmp_path, "leads.csv", HEADER, [("Vogel, Berger", Decimal("-0.50"))])
    assert path.read_bytes() == '\ufeffLead,Wert\r\n"Vogel, Berger",-0.50\r\n'.encode()


def test_days_are_unmistakable() -> None:
    assert told(date(2026, 11, 2), Shape()) == "2026-11-02"


@pytest.mark.parametrize(
    "text",
    [
        '=HYPERLINK("http://boese.example")',
        "+cmd|' /C calc'!A0",
        "-2+3+cmd|' /C calc'!A0",
        "@SUM(1)",
        "\t=1+1",
        "\r=1+1",
        "\n=1+1",
        "  =1+1",
        "\u200b=1+1",
        "＝1+1",
        "+49-40-123",
        "-",
    ],
)
def test_what_a_spreadsheet_would_compute_is_a_text(text: str) -> None:
    assert harmless(text).startswith("'")


@pytest.mark.parametrize(
    "text", ["-12,50", "+3", "+49 40 123456", "-1.234.567,89", "-5%", "0", "a=b", "", "'=1"]
)
def test_numbers_and_other_texts_stay_as_they_are(text: str) -> None:
    assert harmless(text) == text


def test_a_negative_amount_stays_a_number() -> None:
    assert told(Decimal("-1234.50"), Shape()) == "-1234,50"
    assert told(-3, Shape()) == "-3"
    assert told(Decimal("1E+3"), Shape()) == "1000"


def test_nothing_that_a_terminal_obeys_gets_into_a_file() -> None:
    assert "\x1b" not in harmless("a\x1b[2Jb")


cells = st.one_of(
    st.text(max_size=30), st.integers(), st.decimals(allow_nan=False, allow_infinity=False), st.none()
)


@given(st.lists(st.lists(cells, min_size=3, max_size=3), max_size=5), st.sampled_from([";", ","]))
def test_every_file_is_read_back_cell_by_cell_and_holds_no_formula(
    rows: list[list[object]], separator: str
) -> None:
    shape = Shape(separator)
    text = io.StringIO(newline="")
    write_rows(text, ("a", "b", "c"), rows, shape)  # type: ignore[arg-type]
    found = list(csv.reader(io.StringIO(text.getvalue(), newline=""), delimiter=separator))
    assert found == [["a", "b", "c"], *[[told(cell, shape) for cell in row] for row in rows]]  # type: ignore[arg-type]
    for cell in (cell for row in found for cell in row):
        signs = cell.strip().lstrip("+-")
        assert not cell.lstrip().startswith(("=", "@", "＝", "＋", "－", "＠"))
        assert not cell.lstrip().startswith(("+", "-")) or signs[:1].isdecimal()


def test_no_file_is_overwritten(tmp_path: Path) -> None:
    paths = [save_csv(tmp_path, "leads.csv", HEADER, [(str(number), 1)]) for number in range(2)]
    assert [path.name for path in paths] == ["leads.csv", "leads (2).csv"]
    assert b"0;1" in paths[0].read_bytes()
    with pytest.raises(NotSaved, match="there is such a file already"):
        create_csv(paths[0], HEADER, [])
    assert b"0;1" in paths[0].read_bytes()


def test_a_link_leads_nowhere(tmp_path: Path) -> None:
    aim = tmp_path / "aim"
    (tmp_path / "leads.csv").symlink_to(aim)
    assert save_csv(tmp_path, "leads.csv", HEADER, []).name == "leads (2).csv"
    with pytest.raises(NotSaved):
        create_csv(tmp_path / "leads.csv", HEADER, [])
    assert not aim.exists()


def test_the_folder_is_made_and_the_file_is_its_owners_alone(tmp_path: Path) -> None:
    path = save_csv(tmp_path / "neu" / "hier", "leads.csv", HEADER, [])
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_file_that_breaks_off_is_not_left_behind(tmp_path: Path) -> None:
    def rows() -> Iterator[tuple[str, int]]:
        yield "Vogel", 1
        raise NotSaved("gone")

    with pytest.raises(NotSaved):
        save_csv(tmp_path, "leads.csv", HEADER, rows())
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("path", ["fehlt/leads.csv", "/", ".."])
def test_a_place_that_is_none_is_told(tmp_path: Path, path: str) -> None:
    with pytest.raises(NotSaved):
        create_csv(tmp_path / path, HEADER, [])


def test_a_path_with_nul_is_told(tmp_path: Path) -> None:
    with pytest.raises(BadInput):
        create_csv(tmp_path / "a\0b.csv", HEADER, [])


@pytest.mark.parametrize(
    ("words", "name"),
    [
        (("Trichter", "Herbstmesse", "November 2026"), "Trichter Herbstmesse November 2026.csv"),
        (("Trichter", "", ""), "Trichter.csv"),
        (("Trichter", "../../etc/passwd"), "Trichter .._.._etc_passwd.csv"),
        (("Leads", "a\x1b[2J\u202eb"), "Leads a_[2Jb.csv"),
        (("x" * 500,), "x" * 120 + ".csv"),
    ],
)
def test_a_file_name_stays_in_its_folder(words: tuple[str, ...], name: str) -> None:
    assert file_name(*words) == name
    assert os.sep not in file_name(*words)

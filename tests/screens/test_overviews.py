"""The overviews on a real store, with leads that a person can count; how they look was looked at."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.screens.overviews.filter import ScopeForm
from app.screens.overviews.screen import OverviewScreen
from app.store.database import Store
from app.widgets.bar import Bar
from app.widgets.field import Field
from app.widgets.form_fields import WordField
from app.widgets.signs import ASCII
from tests.screens.conftest import SIZES, Pictured, Seat
from tests.screens.rooms import furnished, opened_on, texts
from tests.store.fair import at, fair
from tests.store.leads import add_lead, add_member


async def go(seat: Seat) -> None:
    await seat.press("g", "b")
    await seat.until(lambda: isinstance(seat.app.screen, OverviewScreen))
    await seat.quiet()


async def look_at(seat: Seat, key: str) -> None:
    await seat.press(key)
    await seat.quiet()


async def choose(seat: Seat, **values: str) -> None:
    """Fill in the filter and confirm it."""
    await seat.press("F")
    await seat.until(lambda: isinstance(seat.app.screen, ScopeForm))
    await seat.quiet()
    for name, value in values.items():
        field = seat.app.screen.query_one(f"#field-{name}")
        if isinstance(field, WordField):
            field.choose(value)
        else:
            assert isinstance(field, Field)
            field.value = value
    await seat.press("enter")
    await seat.quiet()


def scope(seat: Seat) -> str:
    return seat.app.screen.query_one("#scope", Bar).text


def filled(store: Store) -> dict[str, int]:
    furnished(store)
    return fair(store)


@pytest.mark.parametrize("size", SIZES)
async def test_how_the_overviews_look(store: Store, pictured: Pictured, size: str, tmp_path: Path) -> None:
    filled(store)
    async with opened_on(store, SIZES[size], downloads=tmp_path) as seat:
        await go(seat)
        await pictured(seat, "leads")
        for key, name in zip("2345", ("funnel", "load", "reasons", "opportunities"), strict=True):
            await look_at(seat, key)
            await pictured(seat, name)
        await look_at(seat, "v")
        await pictured(seat, "table-only")
        await seat.press("F")
        await seat.until(lambda: isinstance(seat.app.screen, ScopeForm))
        await pictured(seat, "filter")
        seat.app.screen.query_one("#field-first", Field).value = "neulich"
        await seat.press("enter")
        await pictured(seat, "filter-wrong")
        await seat.press("escape")
        await look_at(seat, "1")
        await choose(seat, campaign="1", first="01.11.2026", last="30.11.2026")
        await pictured(seat, "filtered")
        await choose(seat, campaign="3")
        await pictured(seat, "nothing")


@pytest.mark.parametrize("size", SIZES)
async def test_how_the_funnel_looks_in_ascii(store: Store, pictured: Pictured, size: str) -> None:
    filled(store)
    async with opened_on(store, SIZES[size], signs=ASCII) as seat:
        await go(seat)
        await look_at(seat, "2")
        await pictured(seat)


async def test_a_store_without_leads_says_so(store: Store) -> None:
    furnished(store)
    async with opened_on(store) as seat:
        await go(seat)
        told = []
        for key in "12345":
            await look_at(seat, key)
            told.append(" ".join(" ".join(texts(seat)).split()))
    assert told == [
        *["Noch gibt es keinen Lead."] * 3,
        "Kein Lead blieb erfolglos.",
        "Noch gibt es keine Verkaufschance. Ein erfolgreicher Lead wird eine.",
    ]


async def test_tab_goes_round_the_overviews(store: Store) -> None:
    filled(store)
    async with opened_on(store) as seat:
        await go(seat)
        seen = []
        for key in ["tab"] * 5 + ["left"]:
            await look_at(seat, key)
            seen.append(texts(seat)[0].split()[0])
    assert seen == ["Schritt", "Bearbeiter", "Grund", "Erwartet", "Stand", "Erwartet"]


async def test_a_filter_holds_for_every_overview_until_it_is_taken_away(store: Store) -> None:
    campaigns = filled(store)
    async with opened_on(store) as seat:
        await go(seat)
        assert scope(seat).split() == ["10", "Leads", "alle", "Kampagnen,", "gesamte", "Zeit"]
        await choose(
            seat, campaign=str(campaigns["Messe"]), assignee="bodo", first="1.11.2026", last="11.2026"
        )
        assert scope(seat).split() == ["3", "Leads", "Messe", "Bodo", "November", "2026", "nach", "Eingang"]
        await look_at(seat, "4")
        assert scope(seat).split() == ["2", "Leads", "Messe", "Bodo", "November", "2026", "nach", "Abschluss"]
        await look_at(seat, "backspace")
        assert scope(seat).split()[:2] == ["3", "Leads"]


async def test_a_word_for_a_period_takes_the_place_of_days_that_stood_there(store: Store) -> None:
    filled(store)
    async with opened_on(store) as seat:
        await go(seat)
        await choose(seat, first="2.11.2026", last="3.11.2026")
        assert "02.11.2026–03.11.2026" in scope(seat)
        await choose(seat, span="last month")
        assert "Oktober 2026" in scope(seat)
        await choose(seat, span="ever")
        assert "gesamte Zeit" in scope(seat)


async def test_a_file_is_written_into_the_downloads_and_that_is_told(store: Store, tmp_path: Path) -> None:
    filled(store)
    async with opened_on(store, downloads=tmp_path / "neu") as seat:
        await go(seat)
        await look_at(seat, "2")
        for name in ("Trichter.csv", "Trichter (2).csv"):
            await seat.press("E")
            path = tmp_path / "neu" / name
            await seat.until(path.exists)
            await seat.quiet()
            assert seat.app.screen.query_one("#keys", Bar).items[0].text == f"Geschrieben: {path}"


async def test_a_folder_that_cannot_be_written_is_told(store: Store, tmp_path: Path) -> None:
    filled(store)
    (tmp_path / "datei").write_text("")
    async with opened_on(store, downloads=tmp_path / "datei" / "ordner") as seat:
        await go(seat)
        await seat.press("E")
        await seat.until(lambda: type(seat.app.screen).__name__ == "MessageBox")


async def test_enter_goes_from_an_assignee_to_their_leads_and_on_to_one(store: Store) -> None:
    filled(store)
    async with opened_on(store) as seat:
        await go(seat)
        await look_at(seat, "3")
        assert "Enter" not in seat.app.screen.query_one("#keys", Bar).text  # nobody has these leads
        await seat.press("j")
        await look_at(seat, "enter")
        assert scope(seat).split()[:3] == ["5", "Leads", "Anna"]
        overview = seat.app.screen
        await seat.press("enter")
        await seat.until(lambda: seat.app.screen is not overview)
        await seat.quiet()
        await seat.press("escape")
        await seat.until(lambda: seat.app.screen is overview)


async def test_what_is_written_meanwhile_is_counted(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.screens.overviews.screen.WATCH", 0.05)
    filled(store)
    async with opened_on(store) as seat:
        await go(seat)
        await seat.press("j", "j")
        here = texts(seat)[3]
        assert "Anfrage 7" in here
        add_lead(store, "Die neueste", created_at=at(20))
        await seat.until(lambda: scope(seat).split()[:2] == ["11", "Leads"])
        assert "Die neueste" in texts(seat)[1]
        screen = seat.app.screen
        assert isinstance(screen, OverviewScreen)
        assert screen.table.cursor == 3  # still on the same lead


async def test_more_leads_than_fit_are_walked_through_to_the_last(store: Store) -> None:
    furnished(store)
    for number in range(250):
        add_lead(store, f"Lead {number:03}", created_at=number)
    async with opened_on(store) as seat:
        await go(seat)
        await seat.press("G")
        await seat.until(lambda: "Lead 000" in texts(seat)[-1])


async def test_names_from_outside_reach_no_terminal(store: Store) -> None:
    filled(store)
    add_member(store, "eva", "Eva\x1b[2J\u202eX")
    add_lead(store, "Titel\x1b]0;x\x07", assignee="eva", source="a\x1b[31m")
    async with opened_on(store) as seat:
        await go(seat)
        for key in "123":
            await look_at(seat, key)
            drawn = " ".join([*texts(seat), *texts(seat, "#chart")])
            assert "\x1b" not in drawn
            assert "\u202e" not in drawn

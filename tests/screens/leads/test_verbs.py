"""What keys do with leads: assigned, distributed, given back, finished, reopened, moved; and what is refused."""

from __future__ import annotations

from typing import Any

import pytest

from app.screens.dialogs.boxes import Confirm, MessageBox, Picker, TextPrompt
from app.screens.leads.boxes import CountingBox, RefusedBox
from app.screens.leads.distribute_box import DistributeBox
from app.screens.leads.page import LeadPage
from app.screens.leads.screen import LeadsScreen
from app.screens.records.boxes import NoteBox
from app.screens.records.form import RecordForm
from app.services.leads import distributing, working
from app.store.database import Store
from app.widgets.choices import Choices
from tests.screens.conftest import Seat
from tests.screens.leads.office import NOW, board, furnish, put_cursor, state
from tests.screens.rooms import make_app
from tests.store.leads import add_lead, add_member


def told(seat: Seat) -> str:
    """The bottom line of the place."""
    return str(seat.app.screen.query_one("#keys").text)  # type: ignore[attr-defined]


def offered(seat: Seat) -> list[tuple[str, str]]:
    """What the dialog in front offers."""
    return [(choice.title, choice.detail) for choice in seat.app.screen.query_one(Choices).choices]


async def asked(seat: Seat, kind: type, *keys: str) -> None:
    """Press keys that lead to a dialog, and wait until it is there."""
    await seat.press(*keys)
    await seat.until(lambda: type(seat.app.screen) is kind)
    await seat.quiet()


# -- assigning


async def test_a_new_lead_is_assigned_to_oneself_by_two_keys(store: Store) -> None:
    ids = furnish(store)
    async with board(store) as (seat, screen):
        await asked(seat, Picker, "a")
        assert offered(seat) == [("A. Berg", "Sie selbst"), ("Britta Klein", ""), ("Cleo Sommer", "")]
        await seat.press("enter")
        await seat.until(lambda: "1 Lead geht an A. Berg" in told(seat))
        assert state(store, ids["Anfrage Rahmenvertrag"]) == ("active", "berg", "")
        await seat.until(lambda: screen.board.total == 2)


async def test_a_lead_is_passed_on_by_whoever_has_it(store: Store) -> None:
    ids = furnish(store)
    async with board(store) as (seat, screen):
        await put_cursor(seat, screen, ids["Wartung 2027"])
        await asked(seat, Picker, "a")
        assert [title for title, _detail in offered(seat)] == ["Britta Klein", "Cleo Sommer"]
        await seat.press("enter")
        await seat.until(lambda: state(store, ids["Wartung 2027"])[1] == "klein")


async def test_selected_leads_are_shared_out_and_the_shares_are_shown_before(store: Store) -> None:
    furnish(store)
    for number in range(4):
        add_lead(store, f"Mehr {number}")
    async with board(store) as (seat, screen):
        await seat.press("*")
        await asked(seat, DistributeBox, "a")
        assert "7 Leads an Bearbeiter verteilen" in str(seat.app.screen.query_one(".title").content)  # type: ignore[attr-defined]
        assert [detail for _title, detail in offered(seat)] == ["7", "–", "–"]
        await seat.press("space", "down", "space")
        assert [detail for _title, detail in offered(seat)] == ["4", "3", "–"]
        await seat.press("plus", "plus")
        assert [detail.split() for _title, detail in offered(seat)] == [
            ["Gewicht", "1", "2"],
            ["Gewicht", "3", "5"],
            ["–"],
        ]
        await seat.press("tab")
        assert "Reihum" in str(seat.app.screen.query_one("#mode").content)  # type: ignore[attr-defined]
        assert [detail for _title, detail in offered(seat)] == ["4", "3", "–"]
        await seat.press("enter")
        await seat.until(lambda: "7 Leads verteilt: A. Berg 4, Britta Klein 3" in told(seat))
        await seat.until(lambda: screen.is_listed and not screen.board.selection)
        assert screen.board.total == 0
    rows = store.read.rows(
        "SELECT assignee FROM lead WHERE title LIKE 'Mehr%' OR id <= 3 ORDER BY created_at, id"
    )
    assert [row[0] for row in rows][:2] == ["berg", "klein"]


async def test_what_is_not_new_stays_as_it_is_when_leads_are_shared_out(store: Store) -> None:
    ids = furnish(store)
    async with board(store) as (seat, screen):
        await seat.press("v")
        await seat.until(lambda: screen.is_list() and screen.is_listed)
        await seat.press("*")
        await asked(seat, DistributeBox, "a")
        assert "6 ausgewählte sind nicht mehr neu" in str(seat.app.screen.query_one("#line").content)  # type: ignore[attr-defined]
        await seat.press("enter")
        await seat.until(lambda: "3 Leads verteilt: A. Berg 3" in told(seat))
    assert state(store, ids["Ausschreibung Klärwerk"]) == ("active", "klein", "")
    assert state(store, ids["Sonderfarbe"])[0] == "done"


async def test_the_second_of_two_who_distribute_at_once_is_told(store: Store) -> None:
    ids = furnish(store)
    async with board(store) as (seat, _screen):
        await seat.press("*")
        await asked(seat, DistributeBox, "a")
        rival = [ids["Anfrage Rahmenvertrag"], ids["Prospekt bestellt"]]
        working.assign(store, rival, "klein", author="klein", now=NOW)
        await seat.press("enter")
        await seat.until(lambda: isinstance(seat.app.screen, RefusedBox))
        await seat.quiet()
        assert [title for title, _detail in offered(seat)] == ["Anfrage Rahmenvertrag", "Prospekt bestellt"]
        shown = str(seat.app.screen.query_one(".reason").content)  # type: ignore[attr-defined]
        assert "Britta Klein (klein) hat ihn schon" in shown
        assert "1 Lead verteilt: A. Berg 1" in str(seat.app.screen.query_one(".title").content)  # type: ignore[attr-defined]
    assert [state(store, lead)[1] for lead in rival] == ["klein", "klein"]
    assert state(store, ids["Rückruf erbeten"])[1] == "berg"


async def test_two_desks_that_assign_one_lead_give_it_away_once(store: Store) -> None:
    ids = furnish(store)
    lead = ids["Anfrage Rahmenvertrag"]
    async with board(store) as (seat, _screen):
        await asked(seat, Picker, "a")
        other = make_app(store)
        other.desk.author = "klein"
        async with other.run_test(size=(80, 24)) as pilot:
            second = Seat(other, pilot, other.desk.reader)  # type: ignore[arg-type]
            await second.press("g", "l")
            await second.until(lambda: isinstance(other.screen, LeadsScreen) and other.screen.is_listed)
            await second.press("L")
            await second.until(lambda: isinstance(other.screen, Picker))
            await second.quiet()
            await second.press("enter")
            await second.until(lambda: state(store, lead)[1] == "klein")
        await seat.press("enter")
        await seat.until(lambda: isinstance(seat.app.screen, MessageBox))
        await seat.quiet()
        assert "Britta Klein (klein) hat ihn schon" in str(seat.app.screen.query_one("#line").content)  # type: ignore[attr-defined]
    assert state(store, lead)[1] == "klein"


async def test_sharing_many_out_counts_while_it_goes_on(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    furnish(store)
    with store.write() as tx:
        tx.run_many(
            "INSERT INTO lead (title, state, created_at, changed_at) VALUES (?, 'new', ?, ?)",
            [(f"Lead {n}", n, n) for n in range(600)],
        )
    seen: list[str] = []
    async with board(store) as (seat, screen):
        distribute = distributing.distribute

        def watched(*given: Any, **more: Any) -> Any:
            report = more["progress"]

            def progress(done: int, total: int) -> None:
                report(done, total)
                seen.append(f"{done} von {total}")

            return distribute(*given, **{**more, "progress": progress})

        monkeypatch.setattr(distributing, "distribute", watched)
        await seat.press("*")
        await asked(seat, DistributeBox, "a")
        await seat.press("enter")
        await seat.until(lambda: not isinstance(seat.app.screen, DistributeBox))
        await seat.until(lambda: seat.app.screen is screen and "603 Leads verteilt" in told(seat))
    assert seen == ["250 von 603", "500 von 603", "603 von 603"]


async def test_the_box_that_counts_can_be_left(store: Store) -> None:
    from app.screens.leads.boxes import Counted

    furnish(store)
    async with board(store) as (seat, screen):
        counted = Counted(5_000)
        seat.app.push_screen(CountingBox("Wird verteilt", counted))
        await seat.until(lambda: isinstance(seat.app.screen, CountingBox) and seat.app.screen.query("#line"))
        counted.note(1_250, 5_000)
        await seat.until(lambda: "1.250 von 5.000 Leads" in str(seat.app.screen.query_one("#line").content))  # type: ignore[attr-defined]
        await seat.press("escape")
        await seat.until(lambda: seat.app.screen is screen)


async def test_in_a_store_without_members_the_first_one_may_work(store: Store) -> None:
    lead = add_lead(store, "Erster")
    async with board(store) as (seat, _screen):
        await asked(seat, Picker, "a")
        assert offered(seat) == [("A. Berg", "Sie selbst")]
        await seat.press("enter")
        await seat.until(lambda: state(store, lead) == ("active", "berg", ""))


# -- giving back, finishing, reopening


async def test_a_lead_is_given_back(store: Store) -> None:
    ids = furnish(store)
    async with board(store) as (seat, screen):
        await put_cursor(seat, screen, ids["Wartung 2027"])
        await seat.press("z")
        await seat.until(lambda: "1 Lead ist wieder neu" in told(seat))
        assert state(store, ids["Wartung 2027"]) == ("new", "", "")


async def test_many_are_given_back_after_asking_and_a_colleagues_stay(store: Store) -> None:
    ids = furnish(store)
    async with board(store) as (seat, screen):
        await put_cursor(seat, screen, ids["Wartung 2027"])
        await seat.press("*")
        await asked(seat, Confirm, "z")
        await seat.press("enter")
        await seat.until(lambda: isinstance(seat.app.screen, RefusedBox))
        await seat.quiet()
        assert [title for title, _detail in offered(seat)] == ["Ausschreibung Klärwerk"]
    assert state(store, ids["Ersatzpumpe NK 32"])[0] == "new"
    assert state(store, ids["Ausschreibung Klärwerk"])[1] == "klein"


async def test_a_lead_ends_successful_with_an_opportunity(store: Store) -> None:
    ids = furnish(store)
    lead = ids["Ersatzpumpe NK 32"]
    async with board(store) as (seat, screen):
        await put_cursor(seat, screen, lead)
        await asked(seat, Picker, "x")
        await asked(seat, RecordForm, "enter")
        form: Any = seat.app.screen
        assert {
            name: form.query_one(f"#field-{name}").value
            for name in ("title", "value", "probability", "assignee")
        } == {
            "title": "Ersatzpumpe NK 32",
            "value": "48.000",
            "probability": "25",
            "assignee": "berg",
        }
        form.query_one("#field-value").value = "-5"
        await seat.press("enter")
        await seat.until(lambda: "Wert" in str(form.query_one("#line").content))
        form.query_one("#field-value").value = "50.000"
        form.query_one("#field-expected_on").value = "12/2026"
        await seat.press("enter")
        await seat.until(lambda: "Verkaufschance ist angelegt" in told(seat))
    assert state(store, lead) == ("done", "berg", "success")
    found = store.read.row(
        "SELECT title, value, probability, expected_on, assignee, lead_id FROM opportunity ORDER BY id DESC"
    )
    assert found == ("Ersatzpumpe NK 32", 5_000_000, 25, "2026-12-31", "berg", lead)


async def test_a_lead_ends_unsuccessful_with_a_reason_and_what_is_said_about_it(store: Store) -> None:
    ids = furnish(store)
    async with board(store) as (seat, screen):
        await put_cursor(seat, screen, ids["Wartung 2027"])
        await asked(seat, Picker, "x")
        await seat.press(*"interesse", "enter")
        await seat.until(lambda: "Erfolglos abgeschlossen" in told(seat))
        await put_cursor(seat, screen, ids["Ersatzpumpe NK 32"])
        await asked(seat, Picker, "x")
        await asked(seat, TextPrompt, *"sonstiges", "enter")
        await seat.press("enter")  # nothing said yet
        await seat.press(*"zu teuer", "enter")
        await seat.until(lambda: state(store, ids["Ersatzpumpe NK 32"])[2] == "failure")
    rows = store.read.rows(
        "SELECT reason, reason_text FROM lead WHERE finished_at = (SELECT max(finished_at) FROM lead) ORDER BY reason"
    )
    assert rows == [("not interested", ""), ("other", "zu teuer")]


async def test_a_lead_that_was_successful_keeps_its_opportunity_when_it_ends_again(store: Store) -> None:
    ids = furnish(store)
    lead = ids["Probelauf"]
    async with board(store) as (seat, screen):
        await put_cursor(seat, screen, lead)
        await seat.press("O")
        await seat.until(lambda: "Wieder aktiv, bei A. Berg" in told(seat))
        await put_cursor(seat, screen, lead)
        await asked(seat, Picker, "x")
        assert offered(seat)[0] == ("erfolgreich", "behält „Probelauf“")
        await seat.press("enter")
        await seat.until(lambda: "die Verkaufschance bleibt" in told(seat))
    assert store.read.value("SELECT count(*) FROM opportunity") == 1
    assert state(store, lead)[2] == "success"


# -- moving cards


async def test_cards_move_through_all_three_groups_and_back(store: Store) -> None:
    ids = furnish(store)
    lead = ids["Anfrage Rahmenvertrag"]
    async with board(store) as (seat, screen):
        await asked(seat, Picker, "L")
        await seat.press("enter")
        await seat.until(
            lambda: state(store, lead) == ("active", "berg", "") and screen.board.column == "active"
        )
        assert screen.row is not None
        assert screen.row.id == lead
        await asked(seat, Picker, "L")
        await seat.press(*"kontakt", "enter")
        await seat.until(lambda: state(store, lead)[2] == "failure" and screen.board.column == "done")
        await seat.press("H")
        await seat.until(
            lambda: state(store, lead) == ("active", "berg", "") and screen.board.column == "active"
        )
        await seat.until(lambda: screen.row and screen.row.id == lead)
        await seat.press("H")
        await seat.until(lambda: state(store, lead) == ("new", "", "") and screen.board.column == "new")
        await seat.until(lambda: screen.row and screen.row.id == lead)
        await seat.press("H")
        await seat.until(lambda: "keine Spalte mehr" in told(seat))


async def test_the_same_keys_work_on_the_page_of_a_lead(store: Store) -> None:
    ids = furnish(store)
    lead = ids["Anfrage Rahmenvertrag"]
    async with board(store) as (seat, _screen):
        await seat.press("enter")
        await seat.until(lambda: isinstance(seat.app.screen, LeadPage) and seat.app.screen.lead)
        page = seat.app.screen
        await seat.press("x")
        await seat.until(lambda: "Nur ein zugewiesener Lead" in told(seat))
        await asked(seat, Picker, "a")
        await seat.press("enter")
        await seat.until(lambda: seat.app.screen is page and "geht an A. Berg" in told(seat))
        await seat.quiet()
        await asked(seat, Picker, "x")
        await seat.press(*"kontakt", "enter")
        await seat.until(lambda: state(store, lead)[2] == "failure")
        await seat.quiet()
        await seat.press("O")
        await seat.until(lambda: state(store, lead) == ("active", "berg", ""))
        await seat.quiet()
        await seat.press("z")
        await seat.until(lambda: state(store, lead) == ("new", "", ""))


async def test_notes_are_written_on_the_board(store: Store) -> None:
    ids = furnish(store)
    async with board(store) as (seat, screen):
        await asked(seat, NoteBox, "n")
        await seat.press(*"Ruft zurück", "enter")
        await seat.until(lambda: seat.app.screen is screen)
    found = store.read.rows("SELECT record_id, event, text FROM history_entry WHERE kind = 'lead'")
    assert found == [(ids["Anfrage Rahmenvertrag"], "note", "Ruft zurück")]


# -- refusals


@pytest.mark.parametrize(
    ("title", "key", "why"),
    [
        ("Rückruf erbeten", "x", "Nur ein zugewiesener Lead"),
        ("Rückruf erbeten", "z", "Niemand hat ihn"),
        ("Rückruf erbeten", "O", "Er ist nicht erledigt"),
        ("Sonderfarbe", "a", "Er ist erledigt"),
        ("Sonderfarbe", "z", "Er ist erledigt"),
        ("Sonderfarbe", "x", "Er ist schon erledigt"),
        ("Sonderfarbe", "O", "Britta Klein (klein)"),
        ("Ausschreibung Klärwerk", "x", "Britta Klein (klein)"),
        ("Ausschreibung Klärwerk", "H", "Britta Klein (klein)"),
        ("Ausschreibung Klärwerk", "a", "Britta Klein (klein)"),
    ],
)
async def test_each_refusal_says_why(store: Store, title: str, key: str, why: str) -> None:
    ids = furnish(store)
    before = state(store, ids[title])
    async with board(store, (120, 40)) as (seat, screen):
        await put_cursor(seat, screen, ids[title])
        await seat.press(key)
        await seat.until(lambda: why in told(seat))
        assert seat.app.screen is screen
    assert state(store, ids[title]) == before


async def test_who_reads_only_is_told_so(store: Store) -> None:
    ids = furnish(store)
    app = make_app(store)
    app.desk.author = "lenz"
    async with app.run_test(size=(120, 40)) as pilot:
        seat = Seat(app, pilot, app.desk.reader)  # type: ignore[arg-type]
        await seat.press("g", "l")
        await seat.until(lambda: isinstance(app.screen, LeadsScreen) and app.screen.is_listed)
        await seat.press("a")
        await seat.until(lambda: "Datenschutz" in told(seat))
    assert state(store, ids["Anfrage Rahmenvertrag"])[0] == "new"


async def test_a_stranger_is_told_who_can_add_them(store: Store) -> None:
    furnish(store)
    add_member(store, "gone", "Ganz Weg", active=False)
    app = make_app(store)
    app.desk.author = "fremd"
    async with app.run_test(size=(120, 40)) as pilot:
        seat = Seat(app, pilot, app.desk.reader)  # type: ignore[arg-type]
        await seat.press("g", "l")
        await seat.until(lambda: isinstance(app.screen, LeadsScreen) and app.screen.is_listed)
        await asked(seat, Picker, "a")
        assert "Ganz Weg" not in [title for title, _detail in offered(seat)]
        await seat.press("enter")
        await seat.until(lambda: isinstance(seat.app.screen, MessageBox))

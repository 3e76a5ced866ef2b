"""Leads are given to members: one, many in shares, by two at once; those who come too late are told."""

from __future__ import annotations

from typing import Any

import pytest

from app.screens.dialogs.boxes import MessageBox, Picker
from app.screens.leads.boxes import CountingBox, RefusedBox
from app.screens.leads.distribute_box import DistributeBox
from app.screens.leads.screen import LeadsScreen
from app.services.leads import distributing, working
from app.store.database import Store
from tests.screens.conftest import Seat
from tests.screens.leads.office import NOW, asked, board, furnish, offered, put_cursor, state, told
from tests.screens.rooms import make_app
from tests.store.leads import add_lead


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
        assert [detail for _title, detail in offered(seat)] == ["hat 2   7", "hat 1   –", "hat 0   –"]
        await seat.press("space", "down", "space")
        assert [detail.split()[-1] for _title, detail in offered(seat)] == ["4", "3", "–"]
        await seat.press("plus", "plus")
        assert [detail.split() for _title, detail in offered(seat)] == [
            ["Gewicht", "1", "hat", "2", "2"],
            ["Gewicht", "3", "hat", "1", "5"],
            ["hat", "0", "–"],
        ]
        await seat.press("tab")
        assert "Reihum" in str(seat.app.screen.query_one("#mode").content)  # type: ignore[attr-defined]
        assert [detail.split()[-1] for _title, detail in offered(seat)] == ["4", "3", "–"]
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


async def test_whoever_gets_the_leads_is_ticked_before_somebody_is_chosen(store: Store) -> None:
    furnish(store)
    async with board(store) as (seat, _screen):
        await seat.press("*")
        await asked(seat, DistributeBox, "a")
        assert [title[:3] for title, _detail in offered(seat)] == ["[x]", "[ ]", "[ ]"]
        await seat.press("down")
        assert [title[:3] for title, _detail in offered(seat)] == ["[ ]", "[x]", "[ ]"]
        await seat.press("space", "down", "space")
        assert [title[:3] for title, _detail in offered(seat)] == ["[ ]", "[x]", "[x]"]

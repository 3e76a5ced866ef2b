"""The settings: who is in the team, reasons, stages, campaigns; admins change them, everybody reads them."""

from __future__ import annotations

import pytest

from app.domain.team.members import MemberRole
from app.screens.dialogs.boxes import Confirm, MessageBox, Picker
from app.screens.records.form import RecordForm
from app.screens.settings.screen import SettingsScreen
from app.services.team.acting import team
from app.services.team.campaigns import add_campaign
from app.services.team.membership import add_member, member_of
from app.store.database import Store
from app.widgets.bar import Bar
from tests.screens.card_index import type_into
from tests.screens.conftest import SIZES, Pictured, Seat
from tests.screens.fake import NOW
from tests.screens.rooms import furnished, opened_on, texts
from tests.screens.test_place_pictures import ask, back

#: Who is at the keyboard.
AUTHOR = "berg"


def people(store: Store) -> None:
    """The one at the keyboard is the admin, Tom and Eva are reps, Vera is the privacy officer; Tom has a lead and a task."""
    furnished(store)
    for name, login, role in (
        ("Tomasz Kern", "tom", MemberRole.REP),
        ("Eva Süß", "eva", MemberRole.REP),
        ("Vera Holm", "vera", MemberRole.PRIVACY),
    ):
        add_member(store, name, login, [f"{login}@haus.example"], role, author=AUTHOR, now=NOW)
    add_campaign(store, "Messe 2026", author=AUTHOR, now=NOW)
    with store.write() as tx:
        tx.run("INSERT INTO lead (title, assignee, state, campaign_id) VALUES ('Vogel', 'tom', 'active', 1)")
        tx.run("INSERT INTO task (title, assignee, state) VALUES ('Anruf', 'tom', 'open')")


async def go(seat: Seat) -> SettingsScreen:
    await seat.press("g", "e")
    await seat.until(lambda: isinstance(seat.app.screen, SettingsScreen) and seat.app.screen.row)
    screen = seat.app.screen
    assert isinstance(screen, SettingsScreen)
    return screen


async def put_cursor(seat: Seat, words: str) -> None:
    """Go to the line with these words."""
    screen = seat.app.screen
    assert isinstance(screen, SettingsScreen)
    await seat.until(lambda: any(words in line for line in texts(seat)))
    place = next(place for place, line in enumerate(texts(seat)) if words in line) - 1
    screen.table.go(place)
    await seat.pilot.pause()


def told(seat: Seat) -> str:
    return seat.app.screen.query_one("#keys", Bar).text


async def test_a_member_is_added_and_changed(store: Store) -> None:
    people(store)
    async with opened_on(store) as seat:
        await go(seat)
        await seat.press("+")
        await type_into(seat, name="Neu Mann", login="neu mann")
        assert isinstance(seat.app.screen, RecordForm)  # it says what is wrong, and stays
        await type_into(seat, login="neu", role="admin", addresses="Neu@haus.example, n@haus.example")
        await seat.until(lambda: any("Neu Mann" in line for line in texts(seat)))
        new = member_of(store, "neu")
        assert (new.role, new.addresses) == (MemberRole.ADMIN, ("neu@haus.example", "n@haus.example"))
        await put_cursor(seat, "Neu Mann")
        await seat.press("e")
        await type_into(seat, name="Nele Mann", role="rep")
        await seat.until(lambda: any("Nele Mann" in line for line in texts(seat)))
        assert member_of(store, "neu").role is MemberRole.REP


async def test_what_somebody_leaves_behind_is_passed_on(store: Store) -> None:
    people(store)
    async with opened_on(store) as seat:
        await go(seat)
        await put_cursor(seat, "Tomasz Kern")
        await ask(seat, Picker, "d")
        await seat.press(*"eva")
        await back(seat, SettingsScreen, "enter")
        assert not member_of(store, "tom").active
        assert (
            store.read.rows("SELECT assignee FROM lead UNION ALL SELECT assignee FROM task") == [("eva",)] * 2
        )
        await put_cursor(seat, "Tomasz Kern")
        await seat.press("d")
        await seat.until(lambda: member_of(store, "tom").active)


async def test_leads_go_back_when_a_rep_only_reads_from_now_on(store: Store) -> None:
    people(store)
    async with opened_on(store) as seat:
        await go(seat)
        await put_cursor(seat, "Tomasz Kern")
        await seat.press("e")
        await type_into(seat, role="privacy")
        await seat.until(lambda: isinstance(seat.app.screen, Picker) and seat.app.screen.choices.current)
        assert member_of(store, "tom").role is MemberRole.REP
        await back(seat, SettingsScreen, "enter")
        assert member_of(store, "tom").role is MemberRole.PRIVACY
        assert store.read.rows("SELECT assignee, state FROM lead") == [("", "new")]
        assert store.read.rows("SELECT assignee FROM task") == [(AUTHOR,)]


async def test_who_has_nothing_to_do_is_let_go_after_a_question(store: Store) -> None:
    people(store)
    async with opened_on(store) as seat:
        await go(seat)
        await put_cursor(seat, "Eva Süß")
        await ask(seat, Confirm, "d")
        await back(seat, SettingsScreen)
        assert member_of(store, "eva").active
        await ask(seat, Confirm, "d")
        await back(seat, SettingsScreen, "enter")
        assert not member_of(store, "eva").active


async def test_the_last_admin_stays(store: Store) -> None:
    people(store)
    async with opened_on(store) as seat:
        await go(seat)
        await put_cursor(seat, AUTHOR)
        await ask(seat, Confirm, "d")
        await ask(seat, MessageBox, "enter")
        await back(seat, SettingsScreen)
        assert member_of(store, AUTHOR).active


async def test_reasons_are_added_renamed_reordered_and_put_out_of_use(store: Store) -> None:
    people(store)

    def reasons() -> list[tuple[str, int, int]]:
        sql = "SELECT name, needs_text, active FROM finish_reason ORDER BY position"
        return [tuple(row) for row in store.read.rows(sql)]  # type: ignore[misc]

    async with opened_on(store) as seat:
        await go(seat)
        await seat.press("tab")
        await seat.until(lambda: any("kein Interesse" in line for line in texts(seat)))
        await seat.press("+")
        await type_into(seat, name="Insolvenz", needs_text="1")
        await put_cursor(seat, "Insolvenz")
        assert reasons()[-1] == ("Insolvenz", 1, 1)
        await seat.press("K")
        await seat.until(lambda: reasons()[-2][0] == "Insolvenz")
        await seat.press("e")
        await type_into(seat, name="insolvent", needs_text="")
        await seat.until(lambda: ("insolvent", 0, 1) in reasons())
        await put_cursor(seat, "insolvent")
        await seat.press("d")
        await seat.until(lambda: ("insolvent", 0, 0) in reasons())
        await seat.until(lambda: any("insolvent (inaktiv)" in line for line in texts(seat)))
        await put_cursor(seat, "Wettbewerber")
        await seat.press("e")
        await type_into(seat, needs_text="1")  # a built-in one stays translated
        await seat.until(lambda: ("competitor", 1, 1) in reasons())


async def test_stages_are_added_renamed_reordered_and_put_out_of_use(store: Store) -> None:
    people(store)

    def stages() -> list[tuple[str, int, int]]:
        sql = "SELECT name, probability, active FROM stage ORDER BY position"
        return [tuple(row) for row in store.read.rows(sql)]  # type: ignore[misc]

    async with opened_on(store) as seat:
        await go(seat)
        await seat.press("3")
        await seat.until(lambda: any("Qualifiziert" in line for line in texts(seat)))
        await seat.press("+")
        await type_into(seat, name="Probelauf", probability="viel")
        assert isinstance(seat.app.screen, RecordForm)
        await type_into(seat, probability="60 %")
        await put_cursor(seat, "Probelauf")
        assert stages()[3] == ("Probelauf", 60, 1)
        await seat.press("K")
        await seat.until(lambda: stages()[2][0] == "Probelauf")
        await seat.press("e")
        await type_into(seat, name="Test", probability="65")
        await seat.until(lambda: ("Test", 65, 1) in stages())
        await put_cursor(seat, "Test")
        await seat.press("d")
        await seat.until(lambda: ("Test", 65, 0) in stages())


async def test_campaigns_are_named(store: Store) -> None:
    people(store)
    async with opened_on(store) as seat:
        await go(seat)
        await seat.press("4")
        await put_cursor(seat, "Messe 2026")
        await seat.press("e")
        await type_into(seat, name="Messe FLUIDTEC")
        await seat.until(lambda: any("Messe FLUIDTEC" in line for line in texts(seat)))
        await seat.press("+")
        await type_into(seat, name="Brauereien")
        await seat.until(lambda: any("Brauereien" in line for line in texts(seat)))
        await seat.press("d")
        assert "nicht deaktiviert" in told(seat)


async def test_a_rep_reads_the_settings_and_is_told_why_nothing_changes(store: Store) -> None:
    people(store)
    before = team(store)
    async with opened_on(store, author="tom") as seat:
        await go(seat)
        assert "nur Admins" in seat.app.screen.query_one("#headline", Bar).text
        for key in ("+", "e", "d", "enter"):
            await seat.press(key)
            assert isinstance(seat.app.screen, SettingsScreen)
            assert "Nur ein Admin" in told(seat)
    assert team(store) == before


@pytest.mark.parametrize("size", SIZES)
async def test_how_the_settings_look(store: Store, pictured: Pictured, size: str) -> None:
    people(store)
    with store.write() as tx:
        tx.run("UPDATE finish_reason SET active = 0 WHERE name = 'competitor'")
        tx.run("UPDATE member SET active = 0 WHERE login = 'eva'")
    async with opened_on(store, SIZES[size]) as seat:
        await go(seat)
        await pictured(seat, "members")
        await ask(seat, RecordForm, "+")
        await pictured(seat, "new-member")
        await back(seat, SettingsScreen)
        await put_cursor(seat, "Tomasz Kern")
        await ask(seat, Picker, "d")
        await pictured(seat, "passed-on")
        await back(seat, SettingsScreen)
        await put_cursor(seat, "Vera Holm")
        await ask(seat, Confirm, "d")
        await pictured(seat, "deactivate")
        await back(seat, SettingsScreen)
        await seat.press("2")
        await put_cursor(seat, "Wettbewerber")
        await pictured(seat, "reasons")
        await seat.press("3")
        await put_cursor(seat, "Verhandlung")
        await ask(seat, RecordForm, "e")
        await pictured(seat, "stages")
        await back(seat, SettingsScreen)
        await seat.press("4")
        await put_cursor(seat, "Messe")
        await pictured(seat, "campaigns")


@pytest.mark.parametrize("size", SIZES)
async def test_how_the_settings_look_to_a_rep(store: Store, pictured: Pictured, size: str) -> None:
    people(store)
    async with opened_on(store, SIZES[size], author="tom") as seat:
        await go(seat)
        await pictured(seat)

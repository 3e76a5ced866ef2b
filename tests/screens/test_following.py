"""From a mail or a record to what goes with it: one key in every place, and places that begin where the rep left off."""

from __future__ import annotations

from app.domain.crm.kinds import Kind, RecordRow
from app.domain.mail.triage import Selection
from app.screens.dialogs.boxes import Picker
from app.screens.leads.screen import LeadsScreen
from app.screens.mail.screen import MailScreen
from app.screens.opportunities.screen import OpportunitiesScreen
from app.screens.records.form import RecordForm
from app.screens.records.known import open_page
from app.screens.records.page import RecordPage
from app.services import triage
from app.services.crm.related import related
from app.store.database import Store
from tests.screens.card_index import go_to_leads
from tests.screens.conftest import Seat
from tests.screens.fake import NOW
from tests.screens.leads.office import asked, board, column, furnish, offered, put_cursor, told
from tests.screens.rooms import opened_on
from tests.screens.task_list import agenda, under_cursor
from tests.screens.task_list import go as go_to_tasks


def link_newest(store: Store, kind: Kind, number: int) -> None:
    """Link the newest mail of the inbox."""
    copy = store.read.value(
        "SELECT mail_copy.id FROM mail_copy JOIN message ON message.id = message_id ORDER BY date DESC LIMIT 1 OFFSET 1"
    )
    triage.link(store, Selection(copies=(copy,)), kind, number, author="berg", now=NOW)


async def arrived(seat: Seat, kind: Kind) -> RecordPage:
    """Wait until the page of a record of this kind is there."""

    def page() -> RecordPage | None:
        front = seat.app.screen
        return front if isinstance(front, RecordPage) and front.kind is kind and front.record else None

    await seat.until(page)
    found = page()
    assert found is not None
    return found


async def on_linked(seat: Seat) -> None:
    """Put the cursor on the mail that is linked."""
    row = next(row for row in seat.screen.mails.held if row.links)
    seat.screen.go_to(row)
    await seat.until(lambda: seat.screen.current is not None and seat.screen.current.links)


async def test_a_linked_mail_leads_to_its_lead_and_q_comes_back_to_it(store: Store) -> None:
    ids = furnish(store)
    link_newest(store, Kind.LEAD, ids["Wartung 2027"])
    async with opened_on(store) as seat:
        await on_linked(seat)
        mail = seat.screen.current
        await seat.press("B")
        page = await arrived(seat, Kind.LEAD)
        assert page.record_id == ids["Wartung 2027"]
        await seat.press("q")
        await seat.until(lambda: seat.app.screen is seat.screen)
        assert seat.screen.current == mail


async def test_the_open_mail_leads_there_too_and_stays_open(store: Store) -> None:
    ids = furnish(store)
    link_newest(store, Kind.LEAD, ids["Wartung 2027"])
    async with opened_on(store) as seat:
        await on_linked(seat)
        await seat.press("enter")
        await seat.until(lambda: seat.screen.reading.has_focus and seat.screen.reading.reading)
        await seat.press("B")
        await arrived(seat, Kind.LEAD)
        await seat.press("q")
        await seat.until(lambda: seat.app.screen is seat.screen)
        assert seat.screen.reading_open


async def test_of_several_links_one_is_chosen(store: Store) -> None:
    ids = furnish(store)
    link_newest(store, Kind.LEAD, ids["Wartung 2027"])
    link_newest(store, Kind.CONTACT, 1)
    async with opened_on(store) as seat:
        await on_linked(seat)
        await asked(seat, Picker, "B")
        assert {detail for _title, detail in offered(seat)} == {"Lead", "Kontakt"}
        for letter in "Wartung":
            await seat.press(letter)
        await seat.quiet()
        await seat.press("enter")
        await arrived(seat, Kind.LEAD)


async def test_a_mail_without_a_link_says_so_and_its_footer_has_no_such_key(store: Store) -> None:
    furnish(store)
    async with opened_on(store, (120, 40)) as seat:
        await seat.until(lambda: seat.screen.current is not None)
        assert "B Bezug" not in told(seat)
        await seat.press("B")
        await seat.until(lambda: "Diese Mail ist nicht verknüpft." in told(seat))


async def test_from_a_mail_to_the_won_opportunity_without_searching(store: Store) -> None:
    furnish(store)
    async with opened_on(store) as seat:
        await seat.until(lambda: seat.screen.current is not None)
        await seat.press("enter")
        await seat.until(lambda: seat.screen.reading.has_focus and seat.screen.reading.reading)
        await asked(seat, RecordForm, "L")
        await seat.press("enter")
        await seat.until(lambda: "B öffnen" in told(seat))
        await seat.press("B")
        page = await arrived(seat, Kind.LEAD)
        await seat.until(lambda: page.offers("leads.finish"))
        await asked(seat, Picker, "x")
        await asked(seat, RecordForm, "enter")
        await seat.press("enter")
        await seat.until(lambda: "Verkaufschance ist angelegt" in told(seat))
        await seat.press("B")
        page = await arrived(seat, Kind.OPPORTUNITY)
        await seat.until(lambda: page.offers("chances.close"))
        await asked(seat, Picker, "x")
        await seat.press("enter")
        await seat.until(lambda: "Gewonnen" in told(seat))
        number = page.record_id
        assert store.read.value("SELECT stage FROM opportunity WHERE id = ?", (number,)) == "Gewonnen"


async def test_the_board_begins_on_the_lead_made_from_a_mail_once(store: Store) -> None:
    furnish(store)
    async with opened_on(store) as seat:
        await seat.until(lambda: seat.screen.current is not None)
        await asked(seat, RecordForm, "L")
        await seat.press("enter")
        await seat.until(lambda: "B öffnen" in told(seat))
        made = int(store.read.value("SELECT max(id) FROM lead"))
        screen = await go_to_leads(seat)
        await seat.until(lambda: screen.row is not None and screen.row.id == made)
        assert screen.column == "active"
        await seat.press("q")
        await seat.until(lambda: seat.app.screen is seat.screen)
        screen = await go_to_leads(seat)
        assert screen.column == "new"


async def test_the_opportunities_begin_on_the_one_that_a_lead_became(store: Store) -> None:
    ids = furnish(store)
    async with board(store) as (seat, screen):
        await put_cursor(seat, screen, ids["Wartung 2027"])
        await asked(seat, Picker, "x")
        await asked(seat, RecordForm, "enter")
        await seat.press("enter")
        await seat.until(lambda: "B öffnen" in told(seat))
        await seat.press("g", "v")
        await seat.until(lambda: isinstance(seat.app.screen, OpportunitiesScreen) and seat.app.screen.row)
        chances = seat.app.screen
        assert isinstance(chances, OpportunitiesScreen)
        assert chances.row is not None
        assert chances.row.title == "Wartung 2027"


async def test_the_key_is_for_the_card_again_when_the_notice_is_gone(store: Store) -> None:
    ids = furnish(store)
    async with board(store) as (seat, screen):
        await put_cursor(seat, screen, ids["Wartung 2027"])
        await asked(seat, Picker, "x")
        await asked(seat, RecordForm, "enter")
        await seat.press("enter")
        await seat.until(lambda: "B öffnen" in told(seat))
        await seat.until(lambda: ids["Wartung 2027"] in column(screen, "done"))
        await put_cursor(seat, screen, ids["Ersatzpumpe NK 32"])
        await seat.press("v", "v")  # any key
        await seat.until(lambda: screen.is_listed and screen.row is not None)
        await seat.press("B")
        await arrived(seat, Kind.CONTACT)


async def test_a_finished_lead_leads_to_its_opportunity_and_that_back_to_its_lead(store: Store) -> None:
    ids = furnish(store)
    async with opened_on(store) as seat:
        open_page(seat.screen, RecordRow(Kind.LEAD, ids["Probelauf"], ""))
        await arrived(seat, Kind.LEAD)
        await asked(seat, Picker, "B")
        assert offered(seat)[0] == ("Probelauf", "Qualifiziert  Verkaufschance")
        await seat.press("enter")
        await arrived(seat, Kind.OPPORTUNITY)
        await asked(seat, Picker, "B")
        assert [detail for _title, detail in offered(seat)] == ["erledigt  Lead", "Kontakt"]
        await seat.press("enter")
        assert (await arrived(seat, Kind.LEAD)).record_id == ids["Probelauf"]


async def test_an_entry_of_the_task_list_leads_to_what_it_belongs_to(store: Store) -> None:
    agenda(store)
    async with opened_on(store) as seat:
        screen = await go_to_tasks(seat)
        place = next(i for i, part in enumerate(screen.table.lines) if "Angebot nachfassen" in str(part))
        screen.table.go(place)
        await seat.until(lambda: under_cursor(screen) == "Angebot nachfassen")
        await seat.press("B")
        assert (await arrived(seat, Kind.CONTACT)).record_id == 1


async def test_a_record_that_stands_alone_says_so(store: Store) -> None:
    ids = furnish(store)
    async with board(store) as (seat, screen):
        await put_cursor(seat, screen, ids["Ausschreibung Klärwerk"])
        await seat.press("B")
        await seat.until(lambda: "Sonst gehört nichts dazu" in told(seat))
        assert isinstance(seat.app.screen, LeadsScreen)


def test_what_goes_with_a_contact_stands_by_kind_the_open_ones_first(store: Store) -> None:
    ids = furnish(store)
    suess = store.read.value("SELECT contact_id FROM lead WHERE id = ?", (ids["Probelauf"],))
    found = [(row.kind, row.title) for row in related(store, Kind.CONTACT, suess)]
    assert found[-1] == (Kind.OPPORTUNITY, "Probelauf")
    assert {title for _kind, title in found[:2]} == {"Wartung 2027", "Rückruf erbeten"}
    assert found[2] == (Kind.LEAD, "Probelauf")


async def test_undoing_takes_the_offer_to_open_away(store: Store) -> None:
    furnish(store)
    async with opened_on(store) as seat:
        await seat.until(lambda: seat.screen.current is not None)
        await asked(seat, RecordForm, "L")
        await seat.press("enter")
        await seat.until(lambda: "B öffnen" in told(seat))
        await seat.press("u")
        await seat.until(lambda: "Rückgängig" in told(seat))
        await seat.press("B")
        await seat.until(lambda: "Diese Mail ist nicht verknüpft." in told(seat))
        assert isinstance(seat.app.screen, MailScreen)
        assert not isinstance(seat.app.screen, RecordPage)

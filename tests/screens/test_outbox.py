"""The outbox in the app: what is on its way is in sight everywhere, and what to do about it is asked where it matters."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.domain.mail.messages import Bounce
from app.domain.mail.outbox import OutState, RecipientState
from app.screens.compose.screen import ComposeScreen
from app.screens.dialogs.boxes import Confirm
from app.screens.mail.screen import MailScreen
from app.screens.outbox.screen import OutboxScreen
from app.store.outbox import rows, steps
from app.store.outbox.bounces import note_bounces
from tests.screens.office_desk import OfficeSeat, seated
from tests.services.outbox.office import MAX, SILKE, Office


def make(
    office: Office, state: OutState, error: str = "", people_are: RecipientState = RecipientState.WAITING
) -> int:
    """A mail in this state, as the sender leaves it."""
    outbox_id = office.queue(SILKE, MAX, undo=0)
    with office.store.write() as tx:
        attempt = steps.claim(tx, outbox_id, office.now)
        assert attempt is not None
        steps.note_dot(tx, outbox_id, attempt)
        people = tuple(
            replace(person, state=people_are) for person in rows.envelope(tx, outbox_id).recipients
        )
        steps.note_result(tx, outbox_id, attempt, state, people, error, office.now, office.now)
    return outbox_id


async def at_outbox(seat: OfficeSeat) -> None:
    await seat.press("g", "o")
    await seat.until(lambda: seat.shows(OutboxScreen) and seat.outbox.mails.rows)
    await seat.pilot.pause()


def text_of(seat: OfficeSeat) -> str:
    detail = seat.outbox.query_one("#detail")
    return "\n".join("".join(span.text for span in line) for line in detail.lines)


async def test_what_waits_failed_or_is_uncertain_stands_on_top_of_every_place(office: Office):
    office.queue(undo=600)
    make(office, OutState.FAILED)
    make(office, OutState.UNCERTAIN)
    async with seated(office) as seat:

        def all_told() -> bool:
            top = seat.app.screen.query_one("#top").text
            return all(words in top for words in ("1 wartet", "1 fehlgeschlagen", "1 ungewiss"))

        await seat.until(all_told)
        await at_outbox(seat)
        await seat.until(all_told)
        await seat.press("escape")
        for letter in "cltvbes":
            await seat.press("g", letter)
            await seat.until(lambda: not seat.shows(MailScreen) and all_told())
        await seat.press("escape")
        await seat.until(lambda: seat.shows(MailScreen))
        await seat.begin("w")
        await seat.until(all_told)


async def test_nothing_stands_on_top_where_nothing_is_on_its_way(office: Office):
    async with seated(office) as seat:
        await seat.begin("w")
        await seat.press("escape")
        assert "wartet" not in seat.screen.query_one("#top").text


async def test_the_counters_follow_what_others_do(office: Office):
    async with seated(office) as seat:
        outbox_id = office.queue(undo=600)
        await seat.until(lambda: "1 wartet" in seat.screen.query_one("#top").text)
        office.outbox.drop(outbox_id)
        await seat.until(lambda: "wartet" not in seat.screen.query_one("#top").text)


async def test_what_needs_the_rep_comes_first_with_its_exact_state(office: Office):
    office.outbox.save(office.mailbox_id, office.outbox.load(office.queue(undo=600))[1])
    make(office, OutState.FAILED)
    make(office, OutState.UNCERTAIN)
    async with seated(office) as seat:
        await at_outbox(seat)
        lines = [seat.outbox.mails.render_line(y).text.split()[0] for y in range(4)]
        assert lines == ["ungewiss", "fehlgeschlagen", "wartet", "Entwurf"]


async def test_each_recipient_shows_what_its_server_said(office: Office):
    outbox_id = make(office, OutState.FAILED, "The server refused the mail: 550 unknown")
    with office.store.write() as tx:
        tx.run(
            "UPDATE outbox_recipient SET state = 'refused', reply = '550 5.1.1 unbekannt' WHERE address = ?",
            (MAX.address,),
        )
        tx.run("UPDATE outbox_recipient SET state = 'accepted' WHERE address = ?", (SILKE.address,))
    async with seated(office) as seat:
        await at_outbox(seat)
        text = text_of(seat)
        assert f"angenommen  {SILKE.address}" in text
        assert f"abgelehnt   {MAX.address}  550 5.1.1 unbekannt" in text
        assert "550 unknown" in text
        assert not seat.outbox.offers("outbox.take_back")
        await seat.press("r")
        await seat.until(lambda: office.state(outbox_id) is OutState.WAITING)
        assert rows.envelope(office.store.read, outbox_id).open_recipients == (MAX.address,)


async def test_a_mail_that_came_back_is_undeliverable_and_names_for_whom_and_why(office: Office):
    number = make(office, OutState.SENT, people_are=RecipientState.ACCEPTED)
    message_id = office.store.read.value("SELECT header_message_id FROM outbox WHERE id = ?", (number,))
    with office.store.write() as tx:
        note_bounces(tx, [Bounce(message_id, MAX.address, "550 5.1.1 User unknown")], office.now)
    async with seated(office) as seat:
        await at_outbox(seat)
        await seat.until(lambda: "kam zurück" in text_of(seat))
        line = next(line for line in text_of(seat).splitlines() if line.startswith("kam zurück"))
        assert line.split("  ", 1)[1].strip() == f"{MAX.address}  550 5.1.1 User unknown"
        assert seat.outbox.mails.render_line(0).text.startswith(" unzustellbar ")


async def test_repeating_what_is_uncertain_is_asked_and_says_what_may_happen(office: Office):
    outbox_id = make(office, OutState.UNCERTAIN)
    async with seated(office) as seat:
        await at_outbox(seat)
        await seat.press("r")
        await seat.until(lambda: seat.shows(Confirm))
        assert "doppelt" in str(seat.app.screen.query_one("#line").content)
        await seat.press("escape")
        await seat.until(lambda: seat.shows(OutboxScreen))
        assert office.state(outbox_id) is OutState.UNCERTAIN
        await seat.press("r", "enter")
        await seat.until(lambda: office.state(outbox_id) is OutState.WAITING)


async def test_taking_back_what_is_uncertain_is_asked(office: Office):
    outbox_id = make(office, OutState.UNCERTAIN)
    async with seated(office) as seat:
        await at_outbox(seat)
        await seat.press("u")
        await seat.until(lambda: seat.shows(Confirm))
        assert office.state(outbox_id) is OutState.UNCERTAIN
        await seat.press("enter")
        await seat.until(lambda: office.state(outbox_id) is OutState.DRAFT)


async def test_an_uncertain_mail_can_be_told_to_have_arrived(office: Office):
    outbox_id = make(office, OutState.UNCERTAIN)
    async with seated(office) as seat:
        await at_outbox(seat)
        await seat.press("i", "enter")
        await seat.until(lambda: office.state(outbox_id) is OutState.SENT)


async def test_a_waiting_mail_is_taken_back_into_the_editor(office: Office):
    outbox_id = office.queue(undo=600)
    async with seated(office) as seat:
        await at_outbox(seat)
        await seat.begin("u")
        assert office.state(outbox_id) is OutState.DRAFT
        assert seat.writing.draft().subject == "Angebot"
        await seat.press("f2")
        await seat.until(lambda: seat.shows(OutboxScreen))
        assert office.state(outbox_id) is OutState.WAITING
        assert "Wird in 10 s gesendet" in seat.outbox.query_one("#keys").text


async def test_enter_goes_on_writing_a_draft_only(office: Office):
    office.queue(undo=600)
    async with seated(office) as seat:
        await at_outbox(seat)
        await seat.press("enter")
        await seat.pilot.pause()
        assert seat.shows(OutboxScreen)
        await seat.begin("u")
        await seat.press("escape")
        await seat.until(lambda: seat.shows(OutboxScreen) and seat.outbox.can_open())
        await seat.press("enter")
        await seat.until(lambda: seat.shows(ComposeScreen))


@pytest.mark.parametrize(
    ("state", "key", "words"),
    [
        (OutState.SENT, "r", "Diese Mail ist schon gesendet."),
        (OutState.SENT, "u", "Diese Mail ist schon gesendet."),
        (OutState.WAITING, "enter", "zurückgenommen wird sie wieder ein Entwurf"),
        (OutState.WAITING, "r", "wird von selbst gesendet"),
        (OutState.FAILED, "enter", "Zum Öffnen erst zurücknehmen"),
        (OutState.FAILED, "i", "Nur wenn ungewiss ist"),
    ],
)
async def test_a_key_that_does_nothing_to_a_mail_says_why(
    office: Office, state: OutState, key: str, words: str
):
    if state is OutState.WAITING:
        office.queue(undo=600)
    else:
        make(office, state, "", RecipientState.ACCEPTED)
    async with seated(office) as seat:
        await at_outbox(seat)
        await seat.press(key)
        await seat.until(lambda: words in seat.outbox.query_one("#keys").text)


async def test_removing_is_asked(office: Office):
    office.queue(undo=600)
    async with seated(office) as seat:
        await at_outbox(seat)
        await seat.press("d", "escape")
        await seat.until(lambda: seat.shows(OutboxScreen))
        assert len(seat.rows) == 1
        await seat.press("d", "enter")
        await seat.until(lambda: not seat.outbox.mails.rows)
        assert "Der Postausgang ist leer." in "".join(seat.outbox.mails.render_line(y).text for y in range(4))


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (40, 12)])
async def test_no_line_is_wider_than_the_screen(office: Office, size: tuple[int, int]):
    make(office, OutState.UNCERTAIN, "Postkorb was interrupted while it sent this mail")
    async with seated(office, size) as seat:
        await at_outbox(seat)
        mails = seat.outbox.mails
        assert all(mails.render_line(y).cell_length == size[0] for y in range(mails.size.height))
        assert seat.outbox.query_one("#detail").size.height > 2

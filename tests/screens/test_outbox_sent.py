"""Enter on a sent mail in the outbox: the mail itself is opened, or what was written where no copy of it is here."""

from __future__ import annotations

import pytest

from app.domain.mail.messages import Role
from app.domain.mail.outbox import OutState, RecipientState
from app.screens.mail.screen import MailScreen
from app.services.outbox.filing import file_sent
from app.store.mail.processed import refresh_processed
from app.store.outbox import rows
from tests.screens.office_desk import seated
from tests.screens.rooms import texts
from tests.screens.test_outbox import at_outbox, make, text_of
from tests.services.outbox.office import Office


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 50)])
async def test_a_sent_mail_is_opened_in_its_folder(office: Office, size: tuple[int, int]):
    number = make(office, OutState.SENT, people_are=RecipientState.ACCEPTED)
    body = office.outbox.load(number)[1].body.split("\n")[0]
    file_sent(office.store, number, office.now)
    assert rows.copies_of_sent(office.store.read, number)
    async with seated(office, size) as seat:
        await at_outbox(seat)
        await seat.press("enter")
        await seat.until(lambda: seat.shows(MailScreen) and seat.screen.is_reading())
        await seat.until(lambda: body in "\n".join(texts(seat, "#reading")))
        assert seat.screen.folder.role is Role.SENT
        assert seat.screen.reading.has_focus
        await seat.press("escape")
        await seat.until(lambda: seat.screen.mails.has_focus)
        await at_outbox(seat)
        await seat.press("enter")
        await seat.until(lambda: seat.shows(MailScreen) and seat.screen.reading.has_focus)
        await seat.until(lambda: body in "\n".join(texts(seat, "#reading")))


async def test_what_was_written_is_shown_where_no_copy_is_here(office: Office):
    number = make(office, OutState.SENT, people_are=RecipientState.ACCEPTED)
    body = office.outbox.load(number)[1].body.split("\n")[0]
    async with seated(office) as seat:
        await at_outbox(seat)
        assert body not in text_of(seat)
        await seat.press("enter")
        await seat.until(lambda: body in text_of(seat))
        assert "keine Kopie" in str(seat.outbox.query_one("#keys").text)


def test_a_strangers_mail_with_its_message_id_is_not_taken_for_the_sent_one(office: Office):
    number = make(office, OutState.SENT, people_are=RecipientState.ACCEPTED)
    file_sent(office.store, number, office.now)
    (own,) = rows.copies_of_sent(office.store.read, number)
    with office.store.write() as tx:
        inbox = tx.value("SELECT id FROM folder WHERE role = 'inbox'")
        assert inbox is not None
        tx.run("UPDATE mail_copy SET folder_id = ? WHERE id = ?", (inbox, own))
        refresh_processed(tx, [tx.value("SELECT message_id FROM mail_copy WHERE id = ?", (own,))])
    assert rows.copies_of_sent(office.store.read, number) == []

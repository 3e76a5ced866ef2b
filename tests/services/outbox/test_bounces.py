"""A report that a mail of ours did not arrive is seen at that mail, and believed for nothing else."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from app.domain.mail.messages import Role
from app.domain.mail.outbox import KEEP_SENT, OutState, RecipientState
from app.domain.mail.reading import BlockKind
from app.services.reading.reader import MailReader
from app.store.outbox import rows as outbox
from app.store.outbox import steps
from tests.servers.smtp import FaultyServer
from tests.services.demo.mailbox import demo
from tests.services.outbox.office import MAX, SILKE, Office
from tests.store.invariants import check

REASON = "550 5.1.1 User unknown"


def report(message_id: str, address: str, action: str = "failed") -> bytes:
    return f"""From: Mail Delivery System <mailer-daemon@vogel.example>
To: berg@nordholz.example
Subject: Unzustellbar: Angebot
Message-ID: <report-{address}-{action}@vogel.example>
Date: Fri, 20 Nov 2026 08:01:00 +0000
Content-Type: multipart/report; report-type=delivery-status; boundary=B

--B
Content-Type: text/plain

Sorry.
--B
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.vogel.example

Final-Recipient: rfc822; {address}
Action: {action}
Status: 5.1.1
Diagnostic-Code: smtp; {REASON}

--B
Content-Type: text/rfc822-headers

Message-ID: {message_id}
Subject: Angebot

--B--
""".encode()


def sent(office: Office) -> tuple[int, str]:
    """A mail that was sent to two: its number in the outbox, and its Message-ID."""
    number = office.queue(SILKE, MAX)
    office.send()
    ((message_id, _uid),) = office.sent_copies()
    return number, message_id


def states(office: Office, number: int) -> list[tuple[RecipientState, str]]:
    return [(recipient.state, recipient.reply) for recipient in office.row(number).recipients]


def test_a_sent_mail_says_for_whom_it_came_back_and_why(office: Office, server: FaultyServer) -> None:
    number, message_id = sent(office)
    office.later(minutes=1)
    office.receive(report(message_id, "MAX@vogel.example"))
    (first, _reply), second = states(office, number)
    assert (first, second) == (RecipientState.ACCEPTED, (RecipientState.BOUNCED, REASON))
    row = office.row(number)
    assert (row.state, row.has_bounced, row.state_word) == (OutState.SENT, True, "unzustellbar")
    assert row.changed == office.now


@pytest.mark.parametrize(
    ("about", "address", "action", "role"),
    [
        ("<fremd@x.example>", MAX.address, "failed", Role.INBOX),
        ("", "jemand@anders.example", "failed", Role.INBOX),
        ("", MAX.address, "delayed", Role.INBOX),
        ("", MAX.address, "failed", Role.JUNK),
    ],
    ids=["another mail", "another address", "delayed", "junk"],
)
def test_what_is_no_word_about_a_mail_of_ours_changes_nothing(
    office: Office, server: FaultyServer, about: str, address: str, action: str, role: Role
) -> None:
    number, message_id = sent(office)
    if role not in office.folders:
        office.add_folder(role)
    before = office.row(number)
    office.later(minutes=1)
    office.receive(report(about or message_id, address, action), role=role)
    assert office.row(number) == before
    assert not before.has_bounced


def test_nobody_is_sent_to_again_because_a_report_says_so(office: Office, server: FaultyServer) -> None:
    number, message_id = sent(office)
    office.receive(report(message_id, MAX.address))
    with office.store.write() as tx:
        assert not steps.retry(tx, number, office.now)
    assert office.send() == []
    assert len(server.accepted) == 1


def test_the_bounce_of_the_demo_is_told_above_its_text_and_comes_home_to_the_mail(office: Office) -> None:
    bounce = next(mail for mail in demo()[1] if b"delivery-status" in mail.raw)
    number, _message_id = sent(office)
    gone = "h.kloss@galvanik-thielen.example"
    original = re.search(rb"text/rfc822-headers.*?^Message-ID: (\S+)", bounce.raw, re.DOTALL | re.MULTILINE)
    assert original is not None
    with office.store.write() as tx:
        tx.run("UPDATE outbox SET header_message_id = ?", (original[1].decode(),))
        tx.run("UPDATE outbox_recipient SET address = ? WHERE address = ?", (gone, MAX.address))
    message = office.receive(bounce.raw)
    blocks = MailReader(office.store).readable(message).blocks
    assert (blocks[0].kind, blocks[0].text) == (BlockKind.NOTE, f"Nicht zugestellt: {gone} ({REASON})")
    assert "konnte nicht zugestellt werden" in blocks[1].text
    assert states(office, number)[1] == (RecipientState.BOUNCED, REASON)


def test_a_report_that_comes_after_the_sent_mail_has_left_the_outbox_is_mail_to_deal_with(
    office: Office, server: FaultyServer
) -> None:
    _number, message_id = sent(office)
    office.later(minutes=(KEEP_SENT + timedelta(days=1)) // timedelta(minutes=1))
    office.send()
    assert outbox.rows(office.store.read) == []
    message = office.receive(report(message_id, MAX.address))
    shown = office.store.read.rows(
        """SELECT role, mail_copy.unprocessed, seen FROM mail_copy JOIN folder ON folder.id = folder_id
  WHERE message_id = ?""",
        (message,),
    )
    assert shown == [(Role.INBOX.value, 1, 0)]
    note = MailReader(office.store).readable(message).blocks[0]
    assert (note.kind, note.text) == (BlockKind.NOTE, f"Nicht zugestellt: {MAX.address} ({REASON})")
    check(office.store)

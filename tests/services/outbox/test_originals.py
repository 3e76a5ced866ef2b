"""What answers take from mail as it is in the wild."""

from __future__ import annotations

from datetime import UTC

import pytest

from app.domain.errors import NotFound
from app.domain.mail.accounts import Mailbox
from app.domain.mail.compose import Draft, DraftKind
from app.domain.mail.messages import Address
from app.domain.mail.problems import Trouble
from app.services.outbox.drafts import check
from app.services.outbox.originals import Answering
from app.store.mail.mailboxes import add_mailbox
from tests.services.outbox.office import Office

HEAD = "From: Silke <silke@vogel.example>\nTo: berg@nordholz.example\nMessage-ID: <1@v.example>\nMIME-Version: 1.0\n"


def answer(office: Office, raw: str, kind: DraftKind = DraftKind.REPLY) -> Draft:
    return Answering(office.store, "de", UTC).answer(office.receive(raw.encode()), kind).draft


def test_a_mail_of_html_alone_is_quoted_as_text(office: Office) -> None:
    page = "<p>Guten Tag,</p><table><tr><td>Pumpe</td><td>900</td></tr></table><script>x()</script><p>Gr&uuml;&szlig;e</p>"
    draft = answer(office, f"{HEAD}Content-Type: text/html; charset=utf-8\n\n{page}\n")
    quoted = [line for line in draft.body.split("\n") if line.startswith(">")]
    assert quoted[0] == "> Guten Tag,"
    assert quoted[-1] == "> Grüße"
    assert any("Pumpe" in line and "900" in line for line in quoted)
    assert "<" not in "".join(quoted)
    assert "x()" not in draft.body


def test_quotes_in_the_mail_go_one_level_deeper_and_its_signature_is_left_out(office: Office) -> None:
    draft = answer(office, f"{HEAD}\nJa.\n\n> Geht das?\n\n-- \nSilke\n")
    assert draft.body.endswith("schrieb Silke:\n> Ja.\n>\n>> Geht das?\n")


def test_escape_sequences_and_direction_signs_of_the_mail_do_not_get_into_the_answer(office: Office) -> None:
    draft = answer(
        office,
        "From: =?utf-8?q?Silke=0D=0ABcc=3A_x=40y.example?= <silke@vogel.example>\nTo: berg@nordholz.example\n"
        "Subject: =?utf-8?q?Anfrage=0ABcc=3A_x=40y.example?=\nMessage-ID: <1@v.example\x01>\n\nA\x1b[2J\u202eB\n",
    )
    assert [problem.trouble for problem in check(draft)] == [Trouble.NOTHING_WRITTEN]
    assert draft.body.isprintable() or "\x1b" not in draft.body
    assert "\u202e" not in draft.body
    assert "\n" not in draft.subject


def test_attachments_travel_with_a_forwarded_mail(office: Office) -> None:
    raw = (
        f"{HEAD}Content-Type: multipart/mixed; boundary=x\n\n--x\n\nText\n--x\nContent-Type: application/pdf\n"
        "Content-Disposition: attachment; filename*=utf-8''%C3%9Cbersicht%0A.pdf\nContent-Transfer-Encoding: base64\n\nJVBERg==\n--x--\n"
    )
    draft = answer(office, raw, DraftKind.FORWARD)
    saved = office.outbox.save(
        office.mailbox_id, Draft(draft.sender, (Address("", "a@b.example"),), attachments=draft.attachments)
    )
    (file,) = saved.draft.attachments
    assert (file.content_type, file.size) == ("application/pdf", 4)
    assert file.name.startswith("Übersicht")
    assert file.name.isprintable()
    assert saved.unreadable == ()


def test_an_attachment_of_a_mail_that_is_gone_is_missed(office: Office) -> None:
    draft = answer(office, f"{HEAD}\nText\n")
    with pytest.raises(NotFound):
        Answering(office.store, "de", UTC).answer(12345, DraftKind.REPLY)
    assert draft.attachments == ()


def test_a_list_mail_is_answered_to_its_author(office: Office) -> None:
    raw = (
        HEAD
        + "Reply-To: liste@verband.example\nList-Post: <mailto:liste@verband.example?subject=x>\n\nText\n"
    )
    assert [each.address for each in answer(office, raw).to] == ["silke@vogel.example"]


def test_an_answer_to_all_goes_to_no_own_address_of_another_mailbox(office: Office) -> None:
    with office.store.write() as tx:
        add_mailbox(
            tx,
            Mailbox(
                "service", "service@nordholz.example", "maildir:///x", senders=("hilfe@nordholz.example",)
            ),
        )
    raw = HEAD + "Cc: service@nordholz.example, Hilfe@nordholz.example, otto@vogel.example\n\nGuten Tag\n"
    draft = answer(office, raw, DraftKind.REPLY_ALL)
    assert [person.address for person in draft.recipients] == ["silke@vogel.example", "otto@vogel.example"]

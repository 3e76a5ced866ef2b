"""What an answer or a forward starts from."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.mail.compose import (
    MAX_REFERENCES,
    Attachment,
    DraftKind,
    Original,
    Writer,
    forward_attached_draft,
    forward_draft,
    message_id_of,
    new_draft,
    reply_all_draft,
    reply_draft,
    thread_of,
)
from app.domain.mail.messages import Address

SILKE = Address("Silke Berger", "silke@vogel.example")
MAX = Address("Max Vogel", "max@vogel.example")
BERG = Address("A. Berg", "berg@nordholz.example")
SALES = Address("Vertrieb", "Vertrieb@Nordholz.example")
WRITER = Writer(addresses=(SALES, BERG), signature="A. Berg\nNordholz GmbH")
MAIL = Original(
    id=7,
    message_id="<b@vogel.example>",
    sender=SILKE,
    subject="Re: Anfrage",
    text="Guten Tag\n",
    date=datetime(2026, 11, 20, 8, 41, tzinfo=UTC),
    references=("<a@vogel.example>",),
    to=(Address("", "vertrieb@nordholz.example"), MAX),
    cc=(
        Address("", "BERG@nordholz.example"),
        Address("", "silke@vogel.example"),
        Address("", "kurt@x.example"),
    ),
)


def test_an_answer_goes_to_the_author_from_the_address_that_was_written_to() -> None:
    draft = reply_draft(MAIL, WRITER)
    assert draft.to == (SILKE,)
    assert draft.cc == ()
    assert draft.sender == SALES
    assert draft.subject == "AW: Anfrage"
    assert draft.original == 7
    assert draft.body == (
        "\n\n-- \nA. Berg\nNordholz GmbH\n\nAm 20.11.2026 um 08:41 schrieb Silke Berger:\n> Guten Tag\n"
    )


def test_reply_to_wins_over_from() -> None:
    draft = reply_draft(replace(MAIL, reply_to=(MAX,)), WRITER)
    assert draft.to == (MAX,)


def test_an_answer_to_a_list_mail_stays_private_but_answering_all_reaches_the_list() -> None:
    the_list = Address("Branche", "liste@verband.example")
    mail = replace(MAIL, reply_to=(the_list,), list_post="LISTE@verband.example", to=(the_list,), cc=())
    assert reply_draft(mail, WRITER).to == (SILKE,)
    assert reply_all_draft(mail, WRITER).to == (the_list,)


def test_answering_all_reaches_everybody_once_but_oneself() -> None:
    draft = reply_all_draft(MAIL, WRITER)
    assert draft.to == (SILKE, MAX)
    assert draft.cc == (Address("", "kurt@x.example"),)


def test_answering_an_own_mail_goes_to_its_recipients_again() -> None:
    own = replace(MAIL, sender=BERG, to=(SILKE,), cc=())
    assert reply_draft(own, WRITER).to == (SILKE,)
    assert reply_draft(own, WRITER).sender == BERG


def test_a_mail_to_oneself_can_be_answered() -> None:
    note = replace(MAIL, sender=BERG, to=(BERG,), cc=())
    assert reply_draft(note, WRITER).to == (BERG,)
    assert reply_all_draft(note, WRITER).to == (BERG,)


def test_a_forward_carries_the_text_and_the_attachments() -> None:
    offer = Attachment("Angebot.pdf", "application/pdf", message_id=7)
    draft = forward_draft(replace(MAIL, attachments=(offer,)), WRITER)
    assert draft.to == ()
    assert draft.subject == "WG: Anfrage"
    assert draft.attachments == (offer,)
    assert draft.in_reply_to == ""
    assert "Weitergeleitete Nachricht" in draft.body
    assert "Von: Silke Berger <silke@vogel.example>\nDatum: 20.11.2026 08:41\nAn: " in draft.body


def test_a_forward_as_attachment_names_the_mail_and_leaves_its_text_out() -> None:
    draft = forward_attached_draft(MAIL, replace(WRITER, language="en"))
    assert draft.kind is DraftKind.FORWARD_ATTACHED
    assert draft.subject == "Fwd: Anfrage"
    assert draft.original == 7
    assert "Guten Tag" not in draft.body


def test_a_new_mail_begins_above_the_signature() -> None:
    assert new_draft(WRITER).body == "\n\n-- \nA. Berg\nNordholz GmbH\n"
    assert new_draft(replace(WRITER, signature="")).body == ""


def test_the_answer_names_its_parent_and_the_whole_thread() -> None:
    draft = reply_draft(MAIL, WRITER)
    assert draft.in_reply_to == "<b@vogel.example>"
    assert draft.references == ("<a@vogel.example>", "<b@vogel.example>")


def test_without_references_the_parents_parent_comes_from_in_reply_to() -> None:
    assert thread_of(replace(MAIL, references=(), in_reply_to="<z@v.example>")) == (
        "<z@v.example>",
        "<b@vogel.example>",
    )


def test_a_long_thread_keeps_its_first_and_its_newest_members() -> None:
    chain = tuple(f"<{n}@v.example>" for n in range(100))
    kept = thread_of(replace(MAIL, references=chain))
    assert len(kept) == MAX_REFERENCES
    assert kept[0] == "<0@v.example>"
    assert kept[-2:] == ("<99@v.example>", "<b@vogel.example>")


@pytest.mark.parametrize("bad", ["<a b@c>", "<a\r\nBcc: x@y.example>", "", "<>", "<ä@b>", "<a<b@c"])
def test_what_is_no_message_id_never_gets_into_a_thread(bad: str) -> None:
    assert message_id_of(bad) in ("", "<b@c>")


@given(st.text())
def test_a_message_id_from_outside_is_harmless(text: str) -> None:
    found = message_id_of(text)
    assert found == "" or (found.isascii() and found.isprintable() and " " not in found)

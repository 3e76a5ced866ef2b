"""What is caught before a mail is sent."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.mail.compose import Attachment, Draft, DraftKind
from app.domain.mail.messages import Address
from app.domain.mail.problems import FileState, Problem, Trouble, problems
from app.domain.mail.quoting import forwarded_block, own_words

GOOD = Draft(
    sender=Address("A. Berg", "berg@nordholz.example"),
    to=(Address("Silke Berger", "silke@vogel.example"),),
    subject="Angebot",
    body="Guten Tag",
)


def missing(_: Attachment) -> FileState:
    return FileState.MISSING


def troubles(draft: Draft) -> list[Trouble]:
    return [problem.trouble for problem in problems(draft, missing)]


def test_a_good_draft_has_no_problem() -> None:
    assert problems(GOOD, missing) == []


def test_a_bad_address_is_named_and_blocks() -> None:
    draft = replace(GOOD, cc=(Address("", "silke@"),), bcc=(Address("Max", "max"),))
    assert problems(draft, missing) == [
        Problem(Trouble.BAD_ADDRESS, "silke@"),
        Problem(Trouble.BAD_ADDRESS, "max"),
    ]
    assert all(problem.blocking for problem in problems(draft, missing))
    assert "silke@" in problems(draft, missing)[0].text


def test_a_mail_for_nobody_blocks() -> None:
    assert troubles(replace(GOOD, to=())) == [Trouble.NO_RECIPIENT]


def test_an_empty_subject_is_only_asked_about() -> None:
    (problem,) = problems(replace(GOOD, subject="  "), missing)
    assert (problem.trouble, problem.blocking) == (Trouble.NO_SUBJECT, False)


@pytest.mark.parametrize(
    "text",
    ["siehe Anhang", "Siehe\nAnlage.", "im Anhang finden Sie", "anbei das Angebot", "Das beigefügte Angebot",
     "Ich habe es angehängt.", "als PDF-Anhang", "Please find attached", "see the attachment", "s. Anlage"],
)  # fmt: skip
def test_a_mentioned_attachment_that_is_not_there_is_asked_about(text: str) -> None:
    draft = replace(GOOD, body=text)
    assert troubles(draft) == [Trouble.NO_ATTACHMENT]
    assert not problems(draft, missing)[0].blocking
    assert troubles(replace(draft, attachments=(Attachment("a.pdf", stored=3),))) == []
    assert troubles(replace(draft, kind=DraftKind.FORWARD_ATTACHED)) == []


@pytest.mark.parametrize(
    "text",
    [
        "Gern.\n> siehe Anhang",
        "Hallo\n-- \nanbei GmbH",
        "Die Wanderung war schön",
        "Anhänger für PKW",
        "am Anfang",
    ],
)
def test_quotes_signatures_and_other_words_are_not_taken_for_a_promise(text: str) -> None:
    assert troubles(replace(GOOD, body=text)) == []


def test_files_that_cannot_be_sent_are_named() -> None:
    draft = replace(GOOD, attachments=(Attachment("weg.pdf", path="/nirgends/weg.pdf"),))
    assert problems(draft, missing) == [Problem(Trouble.FILE_MISSING, "/nirgends/weg.pdf")]
    unreadable = problems(draft, lambda _: FileState.UNREADABLE)
    assert unreadable == [Problem(Trouble.FILE_UNREADABLE, "/nirgends/weg.pdf")]
    assert problems(draft, lambda _: FileState.READABLE) == []


def test_large_attachments_are_asked_about() -> None:
    draft = replace(GOOD, attachments=(Attachment("film.mp4", size=30_000_000, stored=1),))
    assert problems(draft, missing) == [Problem(Trouble.TOO_BIG, "30")]


def test_an_address_without_a_full_domain_is_asked_about() -> None:
    assert troubles(replace(GOOD, to=(Address("", "silke@vogel"),))) == [Trouble.NO_DOMAIN]


def test_blocking_problems_come_first() -> None:
    found = problems(replace(GOOD, subject="", to=(Address("", "x"),)), missing)
    assert [problem.blocking for problem in found] == [True, False]


@given(
    place=st.sampled_from(
        ["subject", "to_name", "to_address", "from_name", "from_address", "reply", "refs", "file", "type"]
    ),
    bad=st.sampled_from(["\r\n", "\n", "\r", "\x00", "\u2028", "\x0b"]),
    before=st.text(),
    after=st.text(),
)
def test_header_injection_blocks_wherever_it_is_tried(place: str, bad: str, before: str, after: str) -> None:
    value = before + bad + after
    draft = {
        "subject": replace(GOOD, subject=value),
        "to_name": replace(GOOD, bcc=(Address(value, "x@y.example"),)),
        "to_address": replace(GOOD, cc=(Address("", value),)),
        "from_name": replace(GOOD, sender=Address(value, "x@y.example")),
        "from_address": replace(GOOD, sender=Address("", value)),
        "reply": replace(GOOD, in_reply_to=value),
        "refs": replace(GOOD, references=("<a@b>", value)),
        "file": replace(GOOD, attachments=(Attachment(value, stored=1),)),
        "type": replace(GOOD, attachments=(Attachment("a", value, stored=1),)),
    }[place]
    found = problems(draft, missing)
    assert found[0].blocking
    assert Trouble.HOSTILE in [problem.trouble for problem in found]
    assert all(line.isprintable() for line in (problem.text for problem in found))


@pytest.mark.parametrize("kind", DraftKind)
def test_a_mail_in_which_nothing_was_written_is_asked_about(kind: DraftKind) -> None:
    forwarded = forwarded_block([("Von", "Silke")], "was kosten die Pumpen?", "de")
    quoted = "Am 20.11.2026 um 08:41 schrieb Silke Berger:\n> was kosten die Pumpen?"
    for below in ("", quoted, forwarded):
        body = f"\n\n-- \nA. Berg\n\n{below}\n"
        (problem,) = problems(replace(GOOD, kind=kind, original=1, body=body), missing)
        assert (problem.trouble, problem.blocking) == (Trouble.NOTHING_WRITTEN, False)
        assert troubles(replace(GOOD, kind=kind, original=1, body=f"Gern.{body}")) == []


def test_a_word_below_the_quote_is_written_too() -> None:
    assert own_words("Am 20.11.2026 schrieb Max:\n> Frage?\n\nJa.") == "Ja."
    assert own_words("Am 20.11.2026 schrieb Max:\n> Frage?\nNein:\n> Und?") == ""


def test_a_file_alone_is_enough_unless_it_is_that_of_the_forwarded_mail() -> None:
    sent_along = replace(GOOD, body="-- \nA. Berg", attachments=(Attachment("Angebot.pdf", stored=1),))
    assert troubles(sent_along) == []
    assert troubles(replace(sent_along, kind=DraftKind.FORWARD)) == [Trouble.NOTHING_WRITTEN]

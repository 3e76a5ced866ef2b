"""Nothing from outside reaches the terminal as anything but printable text, whichever verb prints it."""

from __future__ import annotations

import contextlib
import io
import json
import os
import sys
from collections.abc import Iterator
from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from app.cli import mail_show, outbox, sync
from app.cli.account import _told
from app.cli.mail_rows import print_mails
from app.cli.output import Column, print_json_rows, print_table, say, sentence, write_line
from app.cli.record_rows import print_record
from app.domain.crm.kinds import Kind, RecordRow
from app.domain.crm.record_input import OpportunityInput
from app.domain.errors import PostkorbError
from app.domain.mail.messages import Address, FolderRow, LinkLabel, MailRow, Role, SkippedMail
from app.domain.mail.outbox import OutboxRow, OutState, RecipientRow, RecipientState
from app.domain.mail.reading import BlockKind, ReadableMail, TextBlock
from app.domain.mail.sync import FolderReport, MailboxReport
from app.domain.mail.triage import Comment
from app.services.accounts.check import Part, Step
from app.services.crm.records import LinkedMail, Record
from tests.cli.terminal import Terminal

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
#: Ordinary text, with a good chance of what terminals act upon.
outside = st.text(
    st.one_of(
        st.sampled_from("\x1b\x07\x9b\x00\r\n\t\u202e\u2066\u200b\ufeff\x7f"), st.characters(codec=None)
    ),
    max_size=30,
)


@contextlib.contextmanager
def caught() -> Iterator[io.StringIO]:
    both = io.StringIO()
    with contextlib.redirect_stdout(both), contextlib.redirect_stderr(both):
        yield both


def assert_harmless(printed: io.StringIO) -> None:
    text = printed.getvalue()
    assert text.endswith("\n")
    assert text.replace("\n", "").isprintable()
    text.encode()


def row(text: str) -> MailRow:
    return MailRow(
        *(1, 2, 3, NOON, text, text, text, text, 10, 0, False, False, False, True),
        links=(LinkLabel("lead", 1, text),),
    )


@settings(deadline=None)  # the machine may be busy
@given(outside)
def test_a_list_of_mails(text: str) -> None:
    folders = {3: FolderRow(3, 1, text, text, Role.NONE, 1, 1, 1, True)}
    with caught() as printed:
        print_mails([row(text)], folders, "%d.%m.%y", as_json=False)
    assert_harmless(printed)
    assert printed.getvalue().count("\n") == 2
    with caught() as printed:
        print_mails([row(text)], folders, "%d.%m.%y", as_json=True)
    assert_harmless(printed)
    assert json.loads(printed.getvalue())[0]["subject"] == text


@settings(deadline=None)
@given(outside)
def test_a_mail(text: str) -> None:
    who = Address(text, text)
    # `ReadableMail` comes clean from the service; a slip there must not reach the terminal either.
    mail = ReadableMail(
        who, (who,), (who,), (), NOON, text, ((text, text),), (TextBlock(BlockKind.TEXT, text),), (), (text,)
    )
    with caught() as printed:
        mail_show._print(row(text), mail, [Comment(text, text, NOON)])
    assert_harmless(printed)


@settings(deadline=None)
@given(outside)
def test_a_report_of_the_sync(text: str) -> None:
    folder = FolderReport(text, new=1, skipped=(SkippedMail(1, text),), error=text)
    with caught() as printed:
        sync._tell([MailboxReport(text, (folder,)), MailboxReport(text, error=text)])
    assert_harmless(printed)


@settings(deadline=None)
@given(outside)
def test_the_outbox(text: str) -> None:
    recipients = (RecipientRow(text, RecipientState.REFUSED, text),)
    mail = OutboxRow(
        1, 1, text, OutState.FAILED, "new", text, text, text, recipients, 1, NOON, NOON, None, text
    )
    for as_json in (True, False):
        with caught() as printed:
            outbox._print([mail], as_json=as_json)
        assert_harmless(printed)


@settings(deadline=None)
@given(outside)
def test_a_record(text: str) -> None:
    row = RecordRow(Kind.OPPORTUNITY, 1, text, text, text)
    data = OpportunityInput.model_construct(title=text, stage=text, assignee=text, value=100)
    mails = (LinkedMail(1, NOON, text, text),)
    with caught() as printed:
        print_record(Record(row, data, NOON, NOON, row, row, mails), "%d.%m.%Y")
    assert_harmless(printed)


@settings(deadline=None)
@given(outside)
def test_messages_errors_and_tables(text: str) -> None:
    with caught() as printed:
        say(sentence(PostkorbError(text)))
        write_line(text)
        write_line(_told(Step(Part.SOURCE, text)))
        write_line(_told(Step(Part.SOURCE, problem=PostkorbError(text))))
        print_table((Column("a", 8), Column("b", 6, right=True), Column("c", 0)), [(text, text, text)])
        print_json_rows([{text: text}])
    assert_harmless(printed)


def test_each_row_is_a_line_even_where_a_text_looks_like_the_border_between_rows() -> None:
    rows = [{"subject": "}, {"}, {"links": [{"id": 1}, {"id": 2}]}, {"subject": "plain"}]
    for some in ([rows[2], rows[2]], rows, rows[:1], []):
        with caught() as printed:
            print_json_rows(some)
        assert json.loads(printed.getvalue()) == some
        assert len(printed.getvalue().splitlines()) == (len(some) + 2 if some else 1)


def test_a_message_is_broken_between_words_on_a_terminal() -> None:
    code = "from app.cli.output import say; say('Kommentare ' * 15 + 'Ende')"
    terminal = Terminal([sys.executable, "-c", code], dict(os.environ))
    terminal.until("Ende")
    assert terminal.wait() == 0
    words = " ".join(terminal.screen.display).split()
    assert words == ["Kommentare"] * 15 + ["Ende"]

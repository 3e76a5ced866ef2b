"""Mail is put into the outbox, sent and looked at from the command line."""

from __future__ import annotations

import io
from collections.abc import Iterator
from email import message_from_bytes
from email.message import Message
from pathlib import Path

import pytest

from tests.cli.conftest import Postkorb
from tests.cli.test_front import HEAVY, loaded_by
from tests.servers.smtp import FaultyServer, Stage, faulty_server

TO = ("--to", "Silke Berger <silke@vogel.example>")


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """The Maildir that outgoing mail is put into."""
    return tmp_path / "out"


@pytest.fixture
def account(postkorb: Postkorb, tmp_path: Path, out: Path) -> None:
    (tmp_path / "Mail").mkdir()
    (tmp_path / "gruss.txt").write_text("A. Berg, Vertrieb\n")
    added = postkorb(
        *("account", "add", "vertrieb", "--address", "vertrieb@firma.example", "--display-name", "A. Berg"),
        *("--source", f"maildir://{tmp_path}/Mail", "--outgoing", f"maildir://{out}"),
        *("--signature", tmp_path / "gruss.txt"),
    )
    assert added.code == 0


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("Guten Tag,\n\nhier **das Angebot**.\n"))


def sent(out: Path) -> list[Message]:
    return [message_from_bytes(file.read_bytes()) for file in sorted((out / "new").glob("*"))]


@pytest.mark.usefixtures("account", "typed")
def test_a_mail_from_standard_input_is_sent(postkorb: Postkorb, out: Path, tmp_path: Path) -> None:
    (tmp_path / "Angebot.pdf").write_bytes(b"%PDF-1.4\n")
    ran = postkorb("mail", "send", *TO, "--cc", "b@vogel.example", "--subject", "Angebot für Sie",
                   "--attach", tmp_path / "Angebot.pdf", "--json")  # fmt: skip
    assert ran.code == 0
    number = ran.json["outbox_id"]
    (row,) = postkorb("outbox", "list", "--json").json
    assert (row["id"], row["mailbox"], row["state"], row["subject"]) == (
        number,
        "vertrieb",
        "waiting",
        "Angebot für Sie",
    )
    assert [recipient["address"] for recipient in row["recipients"]] == [
        "silke@vogel.example",
        "b@vogel.example",
    ]
    done = postkorb("outbox", "send", "--json")
    assert (done.code, [(row["id"], row["state"]) for row in done.json]) == (0, [(number, "sent")])
    (mail,) = sent(out)
    assert mail["From"] == '"A. Berg" <vertrieb@firma.example>'
    parts = {part.get_content_type(): part for part in mail.walk()}
    assert {"text/plain", "text/html", "application/pdf"} <= parts.keys()
    text = parts["text/plain"].get_payload(decode=True).decode()  # type: ignore[union-attr]
    assert text.startswith("Guten Tag,")
    assert "A. Berg, Vertrieb" in text
    assert postkorb("outbox", "send", "--json").json == []
    assert len(sent(out)) == 1


@pytest.mark.usefixtures("account", "typed")
@pytest.mark.parametrize(
    "words",
    [
        ["--subject", "Angebot"],
        ["--to", "kein-empfänger", "--subject", "Angebot"],
        [*TO],
        [*TO, "--subject", "Angebot\nBcc: x@y.example"],
    ],
)
def test_what_must_not_be_sent_like_this_is_refused_and_not_kept(
    postkorb: Postkorb, words: list[str]
) -> None:
    ran = postkorb("mail", "send", *words)
    assert (ran.code, ran.out) == (1, "")
    assert "cannot be sent like this" in ran.err
    assert postkorb("outbox", "list", "--json").json == []


@pytest.mark.usefixtures("account")
def test_a_file_that_is_not_there_keeps_the_mail_back(
    postkorb: Postkorb, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("Text\n"))
    ran = postkorb("mail", "send", *TO, "--subject", "Angebot", "--attach", "/nowhere/x.pdf")
    assert ran.code == 1
    assert "/nowhere/x.pdf" in ran.err
    assert postkorb("outbox", "list", "--json").json == []


@pytest.mark.usefixtures("account")
def test_an_empty_subject_may_be_confirmed(postkorb: Postkorb, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("Text\n"))
    assert postkorb("mail", "send", *TO, "--anyway").code == 0


@pytest.mark.usefixtures("typed")
def test_without_an_account_nothing_can_be_written(postkorb: Postkorb) -> None:
    assert postkorb("mail", "send", *TO, "--subject", "x").code == 2
    assert postkorb("mail", "send", *TO, "--subject", "x", "--mailbox", "nobody").code == 1


@pytest.mark.usefixtures("account", "typed")
def test_a_waiting_mail_can_be_dropped_but_not_retried(postkorb: Postkorb, out: Path) -> None:
    number = postkorb("mail", "send", *TO, "--subject", "x", "--json").json["outbox_id"]
    assert postkorb("outbox", "retry", number).code == 1
    assert postkorb("outbox", "drop", number).code == 0
    assert postkorb("outbox", "drop", number).code == 1
    assert postkorb("outbox", "send", "--json").json == []
    assert sent(out) == []


def test_a_server_that_refuses_ends_with_1_and_is_listed(
    postkorb: Postkorb, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("Text\n"))
    (tmp_path / "Mail").mkdir()
    postkorb(
        *("account", "add", "vertrieb", "--address", "vertrieb@firma.example"),
        *("--source", f"maildir://{tmp_path}/Mail", "--outgoing", "smtp+insecure://localhost:1"),
    )
    number = postkorb("mail", "send", *TO, "--subject", "x", "--json").json["outbox_id"]
    ran = postkorb("outbox", "send", "--json")
    assert ran.code == 1
    (attempt,) = ran.json
    assert (attempt["id"], attempt["state"]) == (number, "waiting")
    assert attempt["error"].startswith("The server cannot be reached")
    lines = postkorb("outbox", "list").out.splitlines()
    assert len(lines) == 2
    assert "waiting" in lines[1]


@pytest.fixture
def server(postkorb: Postkorb, tmp_path: Path) -> Iterator[FaultyServer]:
    """A server that an account sends to."""
    (tmp_path / "Mail").mkdir()
    with faulty_server() as running:
        added = postkorb(
            *(
                "account",
                "add",
                "vertrieb",
                "--address",
                "vertrieb@firma.example",
                "--sender",
                "b@firma.example",
            ),
            *("--source", f"maildir://{tmp_path}/Mail", "--outgoing", running.url()),
        )
        assert added.code == 0
        yield running


@pytest.mark.usefixtures("typed")
def test_what_is_refused_is_told_by_recipient_and_can_be_retried(
    postkorb: Postkorb, server: FaultyServer
) -> None:
    number = postkorb("mail", "send", *TO, "--subject", "x", "--from", "B@firma.example").json["outbox_id"]
    server.fail(Stage.RCPT, "550 5.1.1 unknown", times=1)
    ran = postkorb("outbox", "send", "--json")
    assert (ran.code, ran.json[0]["state"]) == (1, "failed")
    assert ran.json[0]["recipients"] == [
        {"address": "silke@vogel.example", "state": "refused", "reply": "550 5.1.1 unknown"}
    ]
    assert postkorb("outbox", "retry", number).code == 0
    assert postkorb("outbox", "send").code == 0
    assert [mail.sender for mail in server.accepted] == ["b@firma.example"]


@pytest.mark.usefixtures("typed")
def test_an_uncertain_mail_is_shown_and_not_repeated(postkorb: Postkorb, server: FaultyServer) -> None:
    number = postkorb("mail", "send", *TO, "--subject", "x").json["outbox_id"]
    server.fail(Stage.DOT_KEPT, "close", times=1)
    for _ in range(2):
        ran = postkorb("outbox", "send", "--json")
        assert (ran.code, [(row["id"], row["state"]) for row in ran.json]) == (1, [(number, "uncertain")])
    assert len(server.accepted) == 1


@pytest.mark.usefixtures("typed")
def test_nobody_writes_from_a_strange_address(postkorb: Postkorb, server: FaultyServer) -> None:
    ran = postkorb("mail", "send", *TO, "--subject", "x", "--from", "fremd@x.example")
    assert (ran.code, ran.out) == (1, "")
    assert "fremd@x.example is no address of this account; it has vertrieb@firma.example" in ran.err


@pytest.mark.usefixtures("account")
def test_the_number_of_a_mail_is_for_scripts_and_the_sentence_for_people(
    postkorb: Postkorb, monkeypatch: pytest.MonkeyPatch
) -> None:
    for terminal, options, number, sentence in (
        (False, [], True, True),
        (False, ["--json"], True, False),
        (True, [], False, True),
        (True, ["--json"], True, False),
    ):
        monkeypatch.setattr("sys.stdin", io.StringIO("Text\n"))
        monkeypatch.setattr("sys.stdout.isatty", lambda terminal=terminal: terminal)
        ran = postkorb("mail", "send", *TO, "--subject", "Angebot", *options)
        assert ran.code == 0
        assert ("outbox_id" in ran.out) is number
        assert ("waits in the outbox" in ran.err) is sentence


def test_listing_the_outbox_imports_neither_textual_nor_the_orm(home: Path) -> None:
    home.mkdir()
    loaded_by(home, "outbox", "list")
    assert not loaded_by(home, "outbox", "list") & {*HEAVY, "aiosmtplib"}

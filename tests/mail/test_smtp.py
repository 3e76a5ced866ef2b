"""Sending over SMTP, against a server that fails at every stage: nothing sent unawares, nothing called sent that is not."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from app.domain.errors import BadInput
from app.domain.mail.delivery import Outcome, Verdict
from app.mail.smtp import send_smtp
from app.mail.urls import parse_url
from tests.mail.outgoing import (
    FROM,
    IMPATIENT,
    IMPATIENT_AT_THE_END,
    KURT,
    MAX,
    POLITE,
    QUICK,
    RAW,
    SILKE,
    Journal,
    send,
)
from tests.servers.dovecot import free_ports
from tests.servers.smtp import PASSWORD, USER, Fault, FaultyServer, Stage, faulty_server


@pytest.fixture
def server() -> Iterator[FaultyServer]:
    with faulty_server() as running:
        yield running


async def test_a_mail_arrives_with_its_dots(server: FaultyServer) -> None:
    journal = Journal()
    report = await send(server.url(), [SILKE, MAX], journal=journal)
    assert report.outcome is Outcome.SENT
    assert [result.verdict for result in report.recipients] == [Verdict.ACCEPTED, Verdict.ACCEPTED]
    (mail,) = server.accepted
    assert (mail.sender, mail.recipients, mail.data) == (FROM, [SILKE, MAX], RAW)
    assert journal.calls == 1


BEFORE_THE_DOT = [Stage.CONNECT, Stage.EHLO, Stage.MAIL, Stage.RCPT, Stage.DATA, Stage.BODY]


@pytest.mark.parametrize("how", ["close", "reset"])
@pytest.mark.parametrize("stage", BEFORE_THE_DOT)
async def test_a_connection_that_breaks_before_the_final_dot_has_sent_nothing(
    server: FaultyServer, stage: Stage, how: str
) -> None:
    server.fail(stage, how)

    def journal() -> None:
        """Small mails are written before their reader can close: that is noticed before the dot."""
        server.wait_until_closed()

    report = await send_smtp(parse_url(server.url()), None, None, FROM, [SILKE], RAW, journal, QUICK)
    assert (report.outcome, report.temporary) == (Outcome.NOT_SENT, True)
    assert report.recipients == ()
    assert server.accepted == []


@pytest.mark.parametrize("stage", [Stage.CONNECT, Stage.EHLO, Stage.MAIL, Stage.RCPT, Stage.DATA])
@pytest.mark.parametrize("how", ["stall", "garbage"])
async def test_a_server_that_says_nothing_sensible_before_the_body_has_sent_nothing(
    server: FaultyServer, stage: Stage, how: str
) -> None:
    server.fail(stage, how)
    journal = Journal()
    report = await send(server.url(), journal=journal, timeouts=IMPATIENT)
    assert (report.outcome, report.temporary) == (Outcome.NOT_SENT, True)
    assert (server.accepted, journal.calls) == ([], 0)
    assert "\x1b" not in report.reason


@pytest.mark.parametrize("how", ["close", "reset", "stall", "garbage"])
@pytest.mark.parametrize("stage", [Stage.DOT_LOST, Stage.DOT_KEPT])
async def test_without_an_answer_to_the_final_dot_the_outcome_is_uncertain(
    server: FaultyServer, stage: Stage, how: str
) -> None:
    server.fail(stage, how)
    journal = Journal()
    report = await send(server.url(), journal=journal, timeouts=IMPATIENT_AT_THE_END)
    assert report.outcome is Outcome.UNCERTAIN
    assert not report.temporary
    assert report.recipients == ()
    assert journal.calls == 1


@pytest.mark.parametrize("stage", [Stage.ANSWERED, Stage.QUIT])
@pytest.mark.parametrize("how", ["close", "reset", "stall", "garbage"])
async def test_what_happens_after_the_answer_no_longer_matters(
    server: FaultyServer, stage: Stage, how: str
) -> None:
    server.fail(stage, how)
    report = await send(server.url(), timeouts=POLITE)
    assert report.outcome is Outcome.SENT
    assert len(server.accepted) == 1


@pytest.mark.parametrize("stage", [Stage.MAIL, Stage.RCPT, Stage.DATA, Stage.DOT_LOST])
@pytest.mark.parametrize(
    ("answer", "verdict"), [("451 4.3.0 later", Verdict.TEMPORARY), ("550 5.7.1 no", Verdict.PERMANENT)]
)
async def test_a_refusal_is_certain_and_says_whether_to_try_again(
    server: FaultyServer, stage: Stage, answer: str, verdict: Verdict
) -> None:
    server.fail(stage, answer)
    report = await send(server.url(), [SILKE, MAX])
    assert report.outcome is Outcome.REFUSED
    assert {result.verdict for result in report.recipients} == {verdict}
    assert {result.reply for result in report.recipients} == {answer}
    assert report.temporary is (verdict is Verdict.TEMPORARY)
    assert answer in report.reason
    assert server.accepted == []


@pytest.mark.parametrize("answer", ["421 4.3.2 closing", "451 4.3.0 later"])
@pytest.mark.parametrize("stage", [Stage.CONNECT, Stage.EHLO])
async def test_a_busy_server_is_tried_again_later(server: FaultyServer, stage: Stage, answer: str) -> None:
    server.fail(stage, answer)
    report = await send(server.url())
    assert (report.outcome, report.temporary) == (Outcome.NOT_SENT, True)


async def test_each_recipient_has_its_own_answer(server: FaultyServer) -> None:
    server.fail(Stage.RCPT, "450 4.2.1 greylisted", address=MAX)
    report = await send(server.url(), [SILKE, MAX, KURT])
    assert report.outcome is Outcome.PARTLY
    assert [result.verdict for result in report.recipients] == [
        Verdict.ACCEPTED,
        Verdict.TEMPORARY,
        Verdict.ACCEPTED,
    ]
    assert server.accepted[0].recipients == [SILKE, KURT]
    assert report.temporary


async def test_a_server_that_closes_among_the_recipients_has_judged_none(server: FaultyServer) -> None:
    server.fail(Stage.RCPT, "421 4.7.0 too much", address=MAX)
    report = await send(server.url(), [SILKE, MAX])
    assert (report.outcome, report.recipients) == (Outcome.NOT_SENT, ())
    assert server.accepted == []


async def test_recipients_refused_before_stay_certain_when_the_rest_is_not(server: FaultyServer) -> None:
    server.faults = [Fault(Stage.RCPT, "550 5.1.1 unknown", MAX), Fault(Stage.DOT_KEPT, "close")]
    report = await send(server.url(), [SILKE, MAX])
    assert report.outcome is Outcome.UNCERTAIN
    assert [(result.address, result.verdict) for result in report.recipients] == [(MAX, Verdict.PERMANENT)]


async def test_a_journal_that_cannot_write_keeps_the_mail_from_being_sent(server: FaultyServer) -> None:
    class Full(Exception):
        pass

    def journal() -> None:
        raise Full

    with pytest.raises(Full):
        await send_smtp(parse_url(server.url()), None, None, FROM, [SILKE], RAW, journal, QUICK)
    server.wait_for_stage(Stage.DATA)
    report = await send(server.url(), [MAX])
    assert report.outcome is Outcome.SENT
    assert [mail.recipients for mail in server.accepted] == [[MAX]]


async def test_the_journal_is_written_before_the_final_dot(server: FaultyServer) -> None:
    seen: list[int] = []
    report = await send_smtp(
        parse_url(server.url()),
        None,
        None,
        FROM,
        [SILKE],
        RAW,
        lambda: seen.append(len(server.accepted)),
        QUICK,
    )
    assert report.outcome is Outcome.SENT
    assert seen == [0]


async def test_login_works_and_a_wrong_password_is_named(server: FaultyServer) -> None:
    server.login_needed = True
    assert (await send(server.url(user=USER), secret=PASSWORD)).outcome is Outcome.SENT
    wrong = await send(server.url(user=USER), secret="falsch")
    assert (wrong.outcome, wrong.temporary) == (Outcome.NOT_SENT, False)
    assert "password was refused" in wrong.reason
    assert "falsch" not in wrong.reason
    server.fail(Stage.AUTH, "454 4.7.0 later")
    later = await send(server.url(user=USER), secret=PASSWORD)
    assert (later.outcome, later.temporary) == (Outcome.NOT_SENT, True)


async def test_a_missing_password_and_a_missing_login_are_named(server: FaultyServer) -> None:
    assert "no password" in (await send(server.url(user=USER))).reason
    server.extensions = ("8BITMIME",)
    report = await send(server.url(user=USER), secret=PASSWORD)
    assert (report.outcome, report.temporary) == (Outcome.NOT_SENT, False)


async def test_the_size_limit_is_respected(server: FaultyServer) -> None:
    server.extensions = ("SIZE 1000",)
    report = await send(server.url(), raw=RAW + b"x\r\n" * 1000)
    assert (report.outcome, report.temporary) == (Outcome.NOT_SENT, False)
    assert "larger" in report.reason
    assert Stage.MAIL not in server.stages


async def test_international_addresses_need_a_server_that_takes_them(server: FaultyServer) -> None:
    assert (await send(server.url(), ["jürgen@vogel.example"])).outcome is Outcome.SENT
    assert "SMTPUTF8" in server.accepted[0].options
    server.extensions = ("8BITMIME",)
    report = await send(server.url(), ["jürgen@vogel.example"])
    assert (report.outcome, report.temporary) == (Outcome.NOT_SENT, False)
    assert "SMTPUTF8" in report.reason


async def test_eight_bit_mail_is_announced_or_not_sent(server: FaultyServer) -> None:
    raw = RAW + "Grüße\r\n".encode()
    assert (await send(server.url(), raw=raw)).outcome is Outcome.SENT
    assert "BODY=8BITMIME" in server.accepted[0].options
    server.extensions = ()
    assert (await send(server.url(), raw=raw)).outcome is Outcome.NOT_SENT


@pytest.mark.parametrize(
    "bad", ["silke", "a@b.example>\r\nRCPT TO:<x@y.example", "a@b.example> <c@d.example", ""]
)
async def test_no_command_can_be_smuggled_in_through_an_address(server: FaultyServer, bad: str) -> None:
    with pytest.raises(BadInput):
        await send(server.url(), [SILKE, bad])
    assert server.connections == 0


async def test_a_server_that_is_not_there_is_tried_again_later() -> None:
    (port,) = free_ports(1)
    report = await send(f"smtp+insecure://localhost:{port}")
    assert (report.outcome, report.temporary) == (Outcome.NOT_SENT, True)
    assert "cannot be reached" in report.reason

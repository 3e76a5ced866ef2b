"""Sending over SMTP: against a server that fails at every stage, and against a real Postfix."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.domain.delivery import Outcome, SendReport, Verdict
from app.domain.errors import BadInput
from app.mail.smtp import send_smtp
from app.mail.smtp_connection import Timeouts
from app.mail.urls import parse_url
from tests.servers.dovecot import free_ports, make_certificate
from tests.servers.postfix import SIZE_LIMIT, Postfix, postfix
from tests.servers.proxy import Cut, proxy
from tests.servers.smtp import PASSWORD, USER, Fault, FaultyServer, Stage, faulty_server

FROM = "berg@nordholz.example"
SILKE, MAX, KURT = "silke@vogel.example", "max@vogel.example", "kurt@vogel.example"
RAW = b"From: berg@nordholz.example\r\nSubject: Angebot\r\n\r\nGuten Tag\r\n.\r\n..zwei\r\nEnde\r\n"
QUICK = Timeouts(connect=10, command=10, block=10, final=10, goodbye=1)
IMPATIENT = Timeouts(connect=0.5, command=0.5, block=0.5, final=0.5, goodbye=0.2)
IMPATIENT_AT_THE_END = Timeouts(connect=10, command=10, block=10, final=0.5, goodbye=0.2)
POLITE = Timeouts(connect=10, command=10, block=10, final=10, goodbye=0.2)


class Journal:
    """Remembers whether it was told that the mail may be out."""

    def __init__(self) -> None:
        self.calls = 0

    def __call__(self) -> None:
        self.calls += 1


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_certificate(tmp_path_factory.mktemp("tls"))


@pytest.fixture
def server() -> Iterator[FaultyServer]:
    with faulty_server() as running:
        yield running


@pytest.fixture(scope="module")
def real() -> Iterator[Postfix]:
    with postfix() as running:
        yield running


async def send(
    url: str,
    recipients: list[str] | None = None,
    raw: bytes = RAW,
    journal: Journal | None = None,
    secret: str | None = None,
    ca_file: Path | None = None,
    timeouts: Timeouts = QUICK,
) -> SendReport:
    to = recipients or [SILKE]
    return await send_smtp(parse_url(url), secret, ca_file, FROM, to, raw, journal or Journal(), timeouts)


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


async def test_starttls_encrypts_and_checks_the_certificate(certificate: Path) -> None:
    with faulty_server(certificate) as server:
        good = await send(server.url("smtp", USER), ca_file=certificate, secret=PASSWORD)
        assert good.outcome is Outcome.SENT
        assert Stage.STARTTLS in server.stages
        untrusted = await send(server.url("smtp"))
        assert (untrusted.outcome, untrusted.temporary) == (Outcome.NOT_SENT, False)
        assert "certificate" in untrusted.reason
        assert len(server.accepted) == 1


@pytest.mark.parametrize("scheme", ["smtp", "smtp+auto"])
async def test_without_encryption_nothing_is_sent_and_no_password_shown(
    server: FaultyServer, scheme: str
) -> None:
    report = await send(server.url(scheme, USER), secret=PASSWORD)
    assert (report.outcome, report.temporary) == (Outcome.NOT_SENT, False)
    assert "no encryption" in report.reason
    assert Stage.AUTH not in server.stages
    assert Stage.MAIL not in server.stages


@pytest.mark.parametrize("implicit", [True, False])
async def test_auto_takes_tls_or_else_starttls(certificate: Path, implicit: bool) -> None:
    with faulty_server(certificate, implicit_tls=implicit) as server:
        report = await send(server.url("smtp+auto"), ca_file=certificate)
        assert report.outcome is Outcome.SENT
        assert (Stage.STARTTLS in server.stages) is not implicit


async def test_auto_does_not_try_another_way_past_a_bad_certificate(certificate: Path) -> None:
    with faulty_server(certificate, implicit_tls=True) as server:
        report = await send(server.url("smtp+auto"))
        assert "certificate" in report.reason
        assert server.stages == []


async def test_a_broken_starttls_sends_nothing(certificate: Path) -> None:
    with faulty_server(certificate) as server:
        for how in ("close", "454 4.7.0 not now", "garbage"):
            server.fail(Stage.STARTTLS, how)
            report = await send(server.url("smtp"), ca_file=certificate)
            assert report.outcome is Outcome.NOT_SENT
        assert server.accepted == []


@pytest.mark.parametrize("scheme", ["smtp", "smtps", "smtp+auto", "smtp+insecure"])
async def test_a_real_server_delivers(real: Postfix, scheme: str) -> None:
    subject = f"Echt {scheme}".encode()
    raw = RAW.replace(b"Angebot", subject)
    report = await send(real.url(scheme), [SILKE, MAX], raw=raw, ca_file=real.certificate)
    assert report.outcome is Outcome.SENT, report
    arrived = real.wait_for(b"Subject: " + subject, copies=2)
    assert all(mail.endswith(b"\n\nGuten Tag\n.\n..zwei\nEnde\n") for mail in arrived)


async def test_a_real_server_judges_each_recipient(real: Postfix) -> None:
    raw = RAW.replace(b"Angebot", b"Teils")
    report = await send(
        real.url("smtp+insecure"), [SILKE, "voll@vogel.example", "weg@vogel.example"], raw=raw
    )
    assert report.outcome is Outcome.PARTLY
    assert [result.verdict for result in report.recipients] == [
        Verdict.ACCEPTED,
        Verdict.TEMPORARY,
        Verdict.PERMANENT,
    ]
    assert "550 5.1.1" in report.recipients[2].reply
    real.wait_for(b"Subject: Teils")


async def test_a_real_server_takes_large_and_long_recipient_lists(real: Postfix) -> None:
    raw = RAW.replace(b"Angebot", b"Viele") + b"x" * 70 + b"\r\n" * 10_000
    people = [f"person{n}@vogel.example" for n in range(120)]
    report = await send(real.url("smtp"), people, raw=raw, ca_file=real.certificate)
    assert report.outcome is Outcome.SENT
    too_large = await send(real.url("smtp+insecure"), raw=RAW + b"x" * SIZE_LIMIT)
    assert "larger" in too_large.reason


@pytest.mark.parametrize("pattern", [b"MAIL FROM", b"DATA", b"\r\nEnde"])
async def test_a_real_server_keeps_nothing_of_a_connection_cut_before_the_dot(
    real: Postfix, pattern: bytes
) -> None:
    subject = b"Schnitt " + pattern.strip()
    raw = RAW.replace(b"Angebot", subject)
    with proxy(real.port, Cut("client", pattern=pattern)) as between:
        report = await send(f"smtp+insecure://localhost:{between.port}", raw=raw)
    # A cut far from us, just before the dot, looks like one just after it.
    may_be = {Outcome.NOT_SENT, Outcome.UNCERTAIN} if pattern == b"\r\nEnde" else {Outcome.NOT_SENT}
    assert report.outcome in may_be
    assert (await send(real.url("smtp+insecure"), raw=raw)).outcome is Outcome.SENT
    assert len(real.wait_for(b"Subject: " + subject)) == 1


async def test_a_real_server_whose_answer_is_lost_leaves_the_outcome_uncertain(real: Postfix) -> None:
    raw = RAW.replace(b"Angebot", b"Antwort verloren")
    with proxy(real.port, Cut("server", pattern=b"250 2.0.0 Ok: queued", inclusive=False)) as between:
        report = await send(f"smtp+insecure://localhost:{between.port}", raw=raw)
    assert report.outcome is Outcome.UNCERTAIN
    real.wait_for(b"Subject: Antwort verloren")

"""Sending over SMTP to a real Postfix, also on a line that is cut."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from app.domain.mail.delivery import Outcome, Verdict
from tests.mail.outgoing import MAX, RAW, SILKE, send
from tests.servers.postfix import SIZE_LIMIT, Postfix, postfix
from tests.servers.proxy import Cut, proxy


@pytest.fixture(scope="module")
def real() -> Iterator[Postfix]:
    with postfix() as running:
        yield running


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

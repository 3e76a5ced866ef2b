"""Sending over SMTP is encrypted as the URL says, and never otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.domain.mail.delivery import Outcome
from tests.mail.outgoing import send
from tests.servers.dovecot import make_certificate
from tests.servers.smtp import PASSWORD, USER, FaultyServer, Stage, faulty_server


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_certificate(tmp_path_factory.mktemp("tls"))


@pytest.fixture
def server() -> Iterator[FaultyServer]:
    with faulty_server() as running:
        yield running


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

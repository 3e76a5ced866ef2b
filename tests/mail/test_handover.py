"""Handing mail to a Maildir or a sendmail program on this machine."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from app.domain.errors import BadInput
from app.domain.mail.delivery import Outcome, SendReport, Verdict
from app.mail.errors import BadUrl
from app.mail.outgoing import send
from app.mail.urls import parse_url

FROM, SILKE = "berg@nordholz.example", "silke@vogel.example"
RAW = b"Subject: Angebot\r\n\r\nGuten Tag\r\n.\r\nEnde\r\n"


async def hand_over(url: str, calls: list[str] | None = None, to: str = SILKE) -> SendReport:
    noted = [] if calls is None else calls
    return await send(parse_url(url), None, None, FROM, [to], RAW, lambda: noted.append("journal"))


def program(folder: Path, script: str) -> str:
    path = folder / "sendmail"
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(0o700)
    return f"sendmail:{path}"


async def test_a_maildir_gets_the_mail_once_however_often_it_is_delivered(tmp_path: Path) -> None:
    calls: list[str] = []
    for _ in range(2):
        assert (await hand_over(f"maildir://{tmp_path}/out", calls)).outcome is Outcome.SENT
    (file,) = (tmp_path / "out" / "new").iterdir()
    assert file.read_bytes() == RAW.replace(b"\r\n", b"\n")
    file.rename(tmp_path / "out" / "cur" / f"{file.name}:2,S")
    assert (await hand_over(f"maildir://{tmp_path}/out")).outcome is Outcome.SENT
    assert list((tmp_path / "out" / "new").iterdir()) == []
    assert calls == []


async def test_half_a_file_of_a_killed_delivery_does_not_stand_in_the_way(tmp_path: Path) -> None:
    url = f"maildir://{tmp_path}"
    assert (await hand_over(url)).outcome is Outcome.SENT
    (whole,) = (tmp_path / "new").iterdir()
    whole.rename(tmp_path / "tmp" / whole.name)
    (tmp_path / "tmp" / whole.name).write_bytes(b"Subj")
    assert (await hand_over(url)).outcome is Outcome.SENT
    assert whole.read_bytes() == RAW.replace(b"\r\n", b"\n")


async def test_a_maildir_that_cannot_be_written_is_tried_again(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    report = await hand_over(f"maildir://{tmp_path}/file")
    assert (report.outcome, report.temporary) == (Outcome.NOT_SENT, True)


async def test_sendmail_gets_envelope_and_message(tmp_path: Path) -> None:
    calls: list[str] = []
    script = f'for a in "$@"; do echo "$a"; done > {tmp_path}/args; cat > {tmp_path}/mail'
    report = await hand_over(program(tmp_path, script), calls)
    assert report.outcome is Outcome.SENT
    assert (tmp_path / "args").read_text().split() == ["-i", "-f", FROM, "--", SILKE]
    assert (tmp_path / "mail").read_bytes() == RAW.replace(b"\r\n", b"\n")
    assert calls == ["journal"]


@pytest.mark.parametrize(
    ("code", "outcome", "verdict"),
    [
        (75, Outcome.REFUSED, Verdict.TEMPORARY),
        (67, Outcome.REFUSED, Verdict.PERMANENT),
        (65, Outcome.REFUSED, Verdict.PERMANENT),
    ],
)
async def test_the_exit_codes_of_sendmail_are_understood(
    tmp_path: Path, code: int, outcome: Outcome, verdict: Verdict
) -> None:
    report = await hand_over(program(tmp_path, f"cat >/dev/null; echo 'no \033[2J' >&2; exit {code}"))
    assert report.outcome is outcome
    assert report.recipients[0].verdict is verdict
    assert report.recipients[0].reply.startswith(f"sendmail: {code} no")
    assert "\x1b" not in report.reason


@pytest.mark.parametrize("end", ["exit 1", f"kill -{int(signal.SIGKILL)} $$"])
async def test_a_sendmail_that_ends_strangely_leaves_the_outcome_uncertain(tmp_path: Path, end: str) -> None:
    assert (await hand_over(program(tmp_path, end))).outcome is Outcome.UNCERTAIN


async def test_a_sendmail_that_cannot_be_run_has_sent_nothing(tmp_path: Path) -> None:
    calls: list[str] = []
    report = await hand_over(f"sendmail:{tmp_path}/missing", calls)
    assert (report.outcome, report.temporary, calls) == (Outcome.NOT_SENT, False, [])
    url = program(tmp_path, "")
    os.truncate(tmp_path / "sendmail", 0)
    (tmp_path / "sendmail").write_text("#!/nirgends\n")
    assert (await hand_over(url)).outcome is Outcome.NOT_SENT


async def test_an_address_cannot_become_an_option(tmp_path: Path) -> None:
    with pytest.raises(BadInput):
        await hand_over(program(tmp_path, "exit 0"), to="-OQueueDirectory=/tmp")


async def test_a_source_is_no_way_out() -> None:
    with pytest.raises(BadUrl):
        await hand_over("imaps://rep@mail.example")

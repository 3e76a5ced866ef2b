"""Hands a message to something on this machine: a Maildir or a sendmail program. No network."""

from __future__ import annotations

import asyncio
import hashlib
import os
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from app.domain.errors import BadInput
from app.domain.mail.addresses import is_address
from app.domain.mail.delivery import Outcome, RecipientResult, SendReport, Verdict
from app.domain.text import clean_line
from app.mail.errors import ConnectionFailed, ConnectionLost, MailRefused, ServerBusy

# sysexits.h, as sendmail programs use it: certain refusals, and those that may pass.
_REFUSED = frozenset({64, 65, 66, 67, 68, 69, 70, 72, 73, 76, 77, 78})
_LATER = frozenset({71, 74, 75})
SENDMAIL_SECONDS = 600.0


async def deliver_to_maildir(folder: Path, recipients: Sequence[str], raw: bytes) -> SendReport:
    """Put the message into a Maildir (cr.yp.to/proto/maildir.html), made if missing, durable when this returns.

    Its file name follows from its contents: delivering it again after a crash changes nothing, so the outcome is
    never uncertain. Line ends become LF, as other programs expect them there.
    """
    try:
        await asyncio.to_thread(_put, folder, raw.replace(b"\r\n", b"\n"))
    except OSError as error:
        failed = ConnectionFailed(f"{folder}: {error.strerror or error}")
        return SendReport(Outcome.NOT_SENT, reason=str(failed), temporary=True)
    return SendReport.judged(tuple(RecipientResult(address, Verdict.ACCEPTED) for address in recipients))


def _put(folder: Path, data: bytes) -> None:
    for name in ("tmp", "new", "cur"):
        (folder / name).mkdir(parents=True, exist_ok=True, mode=0o700)
    name = f"0.{hashlib.sha256(data).hexdigest()[:40]}.postkorb"
    if (folder / "new" / name).exists() or any((folder / "cur").glob(f"{name}*")):
        return
    draft = folder / "tmp" / name
    with draft.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    draft.rename(folder / "new" / name)
    directory = os.open(folder / "new", os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)


async def hand_to_sendmail(
    program: Path, envelope_from: str, recipients: Sequence[str], raw: bytes, journal: Callable[[], None]
) -> SendReport:
    """Run a sendmail program with the message on its standard input.

    `journal` is called before it starts: from then on it may send whatever becomes of us. It reads from a file and not
    from a pipe, so that it never takes half a message for a whole one. Raises BadInput and what `journal` raises.
    """
    for address in (envelope_from, *recipients):
        if not is_address(address):
            raise BadInput(address)
    if not os.access(program, os.X_OK):
        missing = ConnectionFailed(f"{program}: it cannot be run")
        return SendReport(Outcome.NOT_SENT, reason=str(missing), temporary=False)
    with tempfile.TemporaryFile() as file:
        file.write(raw.replace(b"\r\n", b"\n"))
        file.seek(0)
        journal()
        try:
            process = await asyncio.create_subprocess_exec(
                program, "-i", "-f", envelope_from, "--", *recipients,
                stdin=file, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE,
            )  # fmt: skip
        except OSError as error:
            failed = ConnectionFailed(f"{program}: {error.strerror or error}")
            return SendReport(Outcome.NOT_SENT, reason=str(failed), temporary=False)
        return await _result(process, recipients)


async def _result(process: asyncio.subprocess.Process, recipients: Sequence[str]) -> SendReport:
    try:
        async with asyncio.timeout(SENDMAIL_SECONDS):
            _, errors = await process.communicate()
    except TimeoutError:
        process.kill()
        await process.wait()
        return SendReport(Outcome.UNCERTAIN, reason=str(ConnectionLost("sendmail did not end")))
    code = process.returncode
    said = clean_line(errors.decode("utf-8", "replace").strip())[:300]
    text = f"sendmail: {code} {said}".strip()
    if code == 0:
        return SendReport.judged(tuple(RecipientResult(address, Verdict.ACCEPTED) for address in recipients))
    if code in _LATER:
        results = tuple(RecipientResult(address, Verdict.TEMPORARY, text) for address in recipients)
        return SendReport.judged(results, str(ServerBusy(text)))
    if code in _REFUSED:
        results = tuple(RecipientResult(address, Verdict.PERMANENT, text) for address in recipients)
        return SendReport.judged(results, str(MailRefused(text)))
    return SendReport(Outcome.UNCERTAIN, reason=text)

"""Sends one message over SMTP step by step, so that it is always known whether the final dot may have been sent.

aiosmtplib's own `sendmail` does not tell a connection that broke before the final dot (nobody has the mail, RFC 5321
section 4.1.1.4) from one that broke after it (nobody knows); this module sends the same commands one by one.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import cast

from aiosmtplib import SMTP, SMTPException, SMTPResponseException, SMTPServerDisconnected
from aiosmtplib.response import SMTPResponse

from app.domain.errors import BadInput
from app.domain.mail.addresses import is_address
from app.domain.mail.delivery import Outcome, RecipientResult, SendReport, Verdict
from app.mail.errors import ConnectionLost, MailError, MailTooLarge, NotOffered, ServerBusy
from app.mail.smtp_connection import Timeouts, named, open_connection, reply
from app.mail.urls import MailUrl

Journal = Callable[[], None]
"""Called once, before anything is sent after which the server may have the mail. It must be durable when it returns;
if it raises, the mail is not sent and the error goes on to the caller."""

_BLOCK = 65_536
# Seconds for the event loop to notice a connection that broke, while the outcome is still certain.
_NOTICE = 0.01
_LINE_ENDS = re.compile(rb"\r\n|\r|\n")


async def send_smtp(
    url: MailUrl,
    secret: str | None,
    ca_file: Path | None,
    envelope_from: str,
    recipients: Sequence[str],
    raw: bytes,
    journal: Journal,
    timeouts: Timeouts = Timeouts(),  # noqa: B008 - frozen
) -> SendReport:
    """Send `raw` to all recipients in one transaction. Every failure of the server or the network is in the report.

    Raises BadInput for an address that cannot stand in a command, and whatever `journal` raises.
    """
    for address in (envelope_from, *recipients):
        if not is_address(address):
            raise BadInput(address)
    data = _LINE_ENDS.sub(b"\r\n", raw)
    data = data if data.endswith(b"\r\n") else data + b"\r\n"
    try:
        client = await open_connection(url, secret, ca_file, timeouts)
    except MailError as error:
        return _not_sent(error)
    try:
        return await _transaction(client, envelope_from, recipients, data, journal, timeouts)
    finally:
        client.close()


async def _transaction(
    client: SMTP,
    envelope_from: str,
    recipients: Sequence[str],
    data: bytes,
    journal: Journal,
    timeouts: Timeouts,
) -> SendReport:
    try:
        results = await _envelope(client, envelope_from, recipients, data, timeouts)
        if not any(result.verdict is Verdict.ACCEPTED for result in results):
            await _goodbye(client, timeouts)
            return SendReport.judged(results)
        answer = await client.execute_command(b"DATA", timeout=timeouts.command)
        if answer.code == 354:
            await _body(client, re.sub(rb"(?m)^\.", b"..", data), timeouts)
    except (SMTPException, OSError) as error:
        return _not_sent(named(error))
    except MailError as error:
        return _not_sent(error)
    if answer.code // 100 in (4, 5):
        await _goodbye(client, timeouts)
        return SendReport.judged(_all(results, answer), reply(*answer))
    if answer.code != 354:
        return _not_sent(ServerBusy(f"unexpected answer: DATA: {reply(*answer)}"))
    if client.is_connected:
        journal()
        await asyncio.sleep(_NOTICE)
    if not client.is_connected:
        return _not_sent(ConnectionLost("before the end of the mail"))
    return await _final_dot(client, results, timeouts)


async def _envelope(
    client: SMTP, envelope_from: str, recipients: Sequence[str], data: bytes, timeouts: Timeouts
) -> tuple[RecipientResult, ...]:
    """MAIL and RCPT. Raises SMTPException, OSError or MailError when there is no answer about the recipients."""
    options = _options(client, (envelope_from, *recipients), data)
    start = f"MAIL FROM:<{envelope_from}>"
    answer = await client.execute_command(start.encode(), *options, timeout=timeouts.command)
    if answer.code // 100 in (4, 5):
        return tuple(RecipientResult(address, _verdict(answer), reply(*answer)) for address in recipients)
    _expect_yes(answer)
    results = []
    for address in recipients:
        answer = await client.execute_command(f"RCPT TO:<{address}>".encode(), timeout=timeouts.command)
        if answer.code == 421:  # the server is about to close, and has forgotten the others
            raise SMTPResponseException(answer.code, answer.message)
        if answer.code // 100 not in (4, 5):
            _expect_yes(answer)
        results.append(RecipientResult(address, _verdict(answer), reply(*answer)))
    return tuple(results)


def _options(client: SMTP, addresses: Sequence[str], data: bytes) -> list[bytes]:
    """The parameters of MAIL. Raises MailTooLarge or NotOffered."""
    options: list[bytes] = []
    limit = client.esmtp_extensions.get("size", "").strip()
    if client.supports_extension("size"):
        if limit.isdecimal() and 0 < int(limit) < len(data):
            raise MailTooLarge(f"{len(data) // 1000} kB: at most {int(limit) // 1000} kB")
        options.append(b"SIZE=%d" % len(data))  # RFC 1870
    head = data.partition(b"\r\n\r\n")[0]
    if not head.isascii() or not all(address.isascii() for address in addresses):
        if not client.supports_extension("smtputf8"):
            raise NotOffered("addresses with characters outside ASCII (SMTPUTF8)")
        options.append(b"SMTPUTF8")  # RFC 6531
    if not data.isascii():
        if not client.supports_extension("8bitmime"):
            raise NotOffered("an attached mail with 8-bit text (8BITMIME)")
        options.append(b"BODY=8BITMIME")  # RFC 6152
    return options


async def _body(client: SMTP, stuffed: bytes, timeouts: Timeouts) -> None:
    """Write the message without its final dot, and wait until the network has taken it."""
    for start in range(0, len(stuffed), _BLOCK):
        protocol = client.protocol
        if protocol is None:
            raise SMTPServerDisconnected("Connection lost")
        protocol.write(stuffed[start : start + _BLOCK])
        async with asyncio.timeout(timeouts.block):
            while client.transport is not None:
                if cast(asyncio.WriteTransport, client.transport).get_write_buffer_size() == 0:
                    break
                await asyncio.sleep(0.005)


async def _final_dot(client: SMTP, results: tuple[RecipientResult, ...], timeouts: Timeouts) -> SendReport:
    try:
        answer = await client.execute_command(b".", timeout=timeouts.final)
    except SMTPResponseException as garbled:
        return _uncertain(results, f"unreadable answer: {reply(garbled.code, garbled.message)}")
    except (SMTPException, OSError) as error:
        return _uncertain(results, str(named(error)))
    kind = answer.code // 100
    if kind not in (2, 4, 5):
        return _uncertain(results, f"unexpected answer: {reply(*answer)}")
    await _goodbye(client, timeouts)
    if kind == 2:
        return SendReport.judged(results)
    return SendReport.judged(_all(results, answer), reply(*answer))


async def _goodbye(client: SMTP, timeouts: Timeouts) -> None:
    """QUIT is only polite: what it meets no longer changes the outcome."""
    with contextlib.suppress(SMTPException, OSError):
        await client.quit(timeout=timeouts.goodbye)


def _verdict(answer: SMTPResponse) -> Verdict:
    return {2: Verdict.ACCEPTED, 4: Verdict.TEMPORARY}.get(answer.code // 100, Verdict.PERMANENT)


def _expect_yes(answer: SMTPResponse) -> None:
    if answer.code // 100 != 2:
        raise ServerBusy(f"unexpected answer: {reply(*answer)}")


def _all(results: tuple[RecipientResult, ...], answer: SMTPResponse) -> tuple[RecipientResult, ...]:
    """What an answer to DATA or to the final dot means: those accepted before are refused now."""
    text = reply(*answer)
    return tuple(
        RecipientResult(r.address, _verdict(answer), text) if r.verdict is Verdict.ACCEPTED else r
        for r in results
    )


def _not_sent(error: MailError) -> SendReport:
    return SendReport(Outcome.NOT_SENT, reason=str(error), temporary=error.temporary)


def _uncertain(results: tuple[RecipientResult, ...], reason: str) -> SendReport:
    """The recipients refused before DATA are certain even now; the others are left out."""
    known = tuple(result for result in results if result.verdict is not Verdict.ACCEPTED)
    return SendReport(Outcome.UNCERTAIN, known, reason)

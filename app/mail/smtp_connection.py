"""Opens a logged-in SMTP connection as an outgoing address asks for, and names what went wrong; sends no mail."""

from __future__ import annotations

import os
import socket
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from aiosmtplib import (
    SMTP,
    SMTPAuthenticationError,
    SMTPConnectError,
    SMTPException,
    SMTPResponseException,
    SMTPServerDisconnected,
    SMTPTimeoutError,
)

from app.domain.text import clean_line
from app.mail.errors import (
    BadUrl,
    CertificateRefused,
    ConnectionFailed,
    ConnectionLost,
    HostUnknown,
    LoginRefused,
    MailError,
    MailRefused,
    NotOffered,
    ServerBusy,
    TlsMissing,
)
from app.mail.tls import tls_context
from app.mail.urls import STARTTLS_PORTS, MailUrl, Security, is_loopback

# What we call ourselves in EHLO: an address literal, as other mail programs do; no name of this machine gets out.
EHLO_NAME = "[127.0.0.1]"


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds to wait, after RFC 5321 section 4.5.3.2. Waiting for the answer to the final dot takes longest, because
    giving up there leaves the outcome unknown."""

    connect: float = 30
    command: float = 300
    block: float = 180
    final: float = 600
    goodbye: float = 5


async def open_connection(url: MailUrl, secret: str | None, ca_file: Path | None, timeouts: Timeouts) -> SMTP:
    """A connection that is protected as the URL says and logged in if it names a user. Raises MailError."""
    problem: MailError | None = None
    for security, port in _ways(url):
        try:
            client = await _connect(url.host, port, security, tls_context(ca_file), timeouts)
        except ConnectionFailed as failed:  # AUTO: nothing speaks TLS there; STARTTLS is the other way
            problem = failed
            continue
        try:
            if url.user:
                await _login(client, url.user, secret, timeouts)
        except BaseException:
            client.close()
            raise
        return client
    assert problem is not None
    raise problem


def _ways(url: MailUrl) -> Iterator[tuple[Security, int]]:
    """How to try, in order; AUTO never ends in plain text."""
    if url.security is Security.AUTO:
        yield Security.TLS, url.port
        yield Security.STARTTLS, url.port if url.port_given else STARTTLS_PORTS[url.kind]
        return
    if url.security is Security.PLAIN and not is_loopback(url.host):
        raise BadUrl("unencrypted sending is only for this machine")
    yield url.security, url.port


async def _connect(
    host: str, port: int, security: Security, context: ssl.SSLContext, timeouts: Timeouts
) -> SMTP:
    client = SMTP(
        hostname=host,
        port=port,
        use_tls=security is Security.TLS,
        start_tls=False,
        tls_context=context,
        local_hostname=EHLO_NAME,
        timeout=timeouts.command,
    )
    try:
        await client.connect(timeout=timeouts.connect)
        if security is Security.STARTTLS:
            await _hello(client)
            if not client.supports_extension("starttls"):
                raise TlsMissing(f"{host}:{port}: STARTTLS is not offered")
            await client.starttls(timeout=timeouts.connect)
        await _hello(client)
    except BaseException as error:
        client.close()
        if isinstance(error, (SMTPException, OSError, TimeoutError)):
            raise named(error, f"{host}:{port}") from error
        raise
    return client


async def _hello(client: SMTP) -> None:
    """EHLO, or HELO for a server that is older than 1995."""
    try:
        await client.ehlo()
    except SMTPResponseException as refused:
        if refused.code // 100 != 5 or not client.is_connected:
            raise
        await client.helo()


async def _login(client: SMTP, user: str, secret: str | None, timeouts: Timeouts) -> None:
    if secret is None:
        raise LoginRefused("there is no password for this mailbox")
    if not client.supports_extension("auth"):
        raise NotOffered("it offers no login")
    try:
        await client.login(user, secret, timeout=timeouts.command)
    except SMTPAuthenticationError as refused:
        if refused.code // 100 == 4:
            raise ServerBusy(reply(refused.code, refused.message)) from refused
        raise LoginRefused(reply(refused.code, refused.message)) from refused
    except (SMTPException, OSError) as error:
        raise named(error) from error


def reply(code: int, message: str) -> str:
    """The server's answer as one clean line."""
    text = clean_line(" ".join(message.split()))
    return (f"{code} {text}" if code > 0 else text)[:500]


def named(error: Exception, where: str = "") -> MailError:
    """The error of the house for what aiosmtplib, ssl or the socket raised. `where`: host and port that did not answer."""
    chain: list[BaseException] = [error]
    while (cause := chain[-1].__cause__) is not None:
        chain.append(cause)
    for link in chain:
        if isinstance(link, ssl.SSLCertVerificationError):
            return _at(CertificateRefused, where, link.verify_message)
        if isinstance(link, socket.gaierror):
            return _at(HostUnknown, where.rpartition(":")[0], link.strerror or str(link))
        if isinstance(link, ssl.SSLError):
            return _at(ConnectionFailed, where, f"TLS: {link.reason or link}")
        if isinstance(link, OSError) and link.errno and isinstance(error, (SMTPConnectError, OSError)):
            return _at(
                ConnectionFailed, where, os.strerror(link.errno)
            )  # asyncio's own words name the address
    if isinstance(error, SMTPResponseException):
        text = reply(error.code, error.message)
        return MailRefused(text) if error.code // 100 == 5 else ServerBusy(text)
    if isinstance(error, SMTPConnectError):
        late = isinstance(error, SMTPTimeoutError)
        return _at(ConnectionFailed, where, "no answer in time" if late else clean_line(error.message))
    if isinstance(error, TimeoutError):
        return _at(ConnectionLost, where, "no answer in time")
    if isinstance(error, SMTPServerDisconnected):
        return ConnectionLost(where)
    return _at(ConnectionFailed, where, clean_line(str(error)))


def _at(kind: type[MailError], where: str, reason: str) -> MailError:
    return kind("{where}: {reason}", where=where, reason=reason) if where else kind(reason)

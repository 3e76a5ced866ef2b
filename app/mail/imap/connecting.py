"""Opens an IMAP connection and logs in, with IMAPClient; says in the house's errors why it cannot be done."""

from __future__ import annotations

import contextlib
import imaplib
import re
import socket
import ssl
import time
from collections.abc import Iterator
from pathlib import Path

from imapclient import IMAPClient
from imapclient.exceptions import LoginError

from app.domain.errors import BadInput
from app.mail.errors import (
    CertificateRefused,
    ConnectionFailed,
    ConnectionLost,
    HostUnknown,
    LoginRefused,
    MailError,
    ServerBusy,
    TlsMissing,
)
from app.mail.imap.refusals import cause_of, login_refusal
from app.mail.imap.stream import Stream
from app.mail.tls import tls_context
from app.mail.urls import STARTTLS_PORTS, MailUrl, Security

CONNECT_SECONDS = 20.0
#: From the first byte to the end of the login; some servers let a wrong password wait.
LOGIN_SECONDS = 90.0
#: Bytes that a server may send until then; imaplib keeps all of them.
LOGIN_BYTES = 1 << 22
_CODE = re.compile(rb"\[([A-Z0-9-]+)[^\]]*\] ?(.*)", re.IGNORECASE | re.DOTALL)
_ATOM = re.compile(r"[A-Za-z0-9_.@+=-]+")


class _Connection(imaplib.IMAP4):
    """imaplib's connection, reading and writing through a `Stream`, which the session takes over after login."""

    def __init__(self, host: str, port: int, context: ssl.SSLContext | None) -> None:
        self._context = context
        self._stream: Stream | None = None
        self._left = LOGIN_BYTES
        super().__init__(host, port, CONNECT_SECONDS)

    def open(self, host: str = "", port: int = 0, timeout: float | None = None) -> None:
        self.host, self.port = host, port
        plain = socket.create_connection((host, port), timeout)
        try:
            _keep_alive(plain)
            self.sock = self._context.wrap_socket(plain, server_hostname=host) if self._context else plain
        except BaseException:
            plain.close()
            raise

    @property
    def stream(self) -> Stream:
        """The stream over the present socket; STARTTLS puts another in its place."""
        if self._stream is None or self._stream.sock is not self.sock:
            if self._stream is not None and self._stream.buffered:
                raise ConnectionLost("the server sent something between STARTTLS and the encryption")
            self._stream = Stream(self.sock, CONNECT_SECONDS)
            self._stream.deadline = time.monotonic() + LOGIN_SECONDS
        return self._stream

    def read(self, size: int) -> bytes:
        self._count(size)
        return self.stream.read(size)

    def readline(self) -> bytes:
        line = self.stream.read_line()
        self._count(len(line))
        return line

    def _count(self, size: int) -> None:
        self._left -= size
        if self._left < 0:
            raise ConnectionLost("the server says too much before the login is done")

    def send(self, data: bytes) -> None:  # type: ignore[override]  # typeshed: any buffer
        self.stream.send(data)

    def shutdown(self) -> None:
        self.stream.close()


class Client(IMAPClient):  # type: ignore[misc]  # IMAPClient has no types
    """An IMAPClient over our stream, without its log of every byte."""

    def __init__(self, host: str, port: int, context: ssl.SSLContext | None) -> None:
        super().__init__(host, port, ssl=context is not None, ssl_context=context, timeout=CONNECT_SECONDS)
        # IMAPClient sets 5, which formats every answer for a log that nobody reads: 0.1 ms a message.
        self._imap.debug = 0
        self.normalise_times = False

    def _create_IMAP4(self) -> _Connection:  # noqa: N802 - the name is IMAPClient's
        return _Connection(self.host, self.port, self.ssl_context if self.ssl else None)

    @property
    def bytes_stream(self) -> Stream:
        """What the bytes go through; `stream` is a name of IMAPClient's."""
        connection: _Connection = self._imap
        return connection.stream


def connect(url: MailUrl, password: str, ca_file: Path | None = None) -> Client:
    """A logged-in connection.

    Raises HostUnknown, ConnectionFailed, ConnectionLost, CertificateRefused, TlsMissing, LoginRefused, ServerBusy, or
    BadInput for a user name or password that cannot be sent.
    """
    if any(c in url.user + password for c in "\r\n\0"):
        raise BadInput("a line break or NUL in user name or password")
    client = (
        _open_auto(url, ca_file)
        if url.security is Security.AUTO
        else _open(url, url.port, url.security, ca_file)
    )
    try:
        _log_in(client, url.user, password)
    except BaseException:
        client.bytes_stream.close()
        raise
    return client


def _open_auto(url: MailUrl, ca_file: Path | None) -> Client:
    """TLS from the start, else STARTTLS; a certificate that is refused once is not tried again."""
    try:
        return _open(url, url.port, Security.TLS, ca_file)
    except (TlsMissing, ConnectionFailed) as first:
        if url.port_given and isinstance(first, ConnectionFailed):
            raise
        port = url.port if url.port_given else STARTTLS_PORTS[url.kind]
        try:
            return _open(url, port, Security.STARTTLS, ca_file)
        except ConnectionFailed:
            raise first from None


def _open(url: MailUrl, port: int, security: Security, ca_file: Path | None) -> Client:
    context = None if security is Security.PLAIN else tls_context(ca_file)
    with explained(url.host, port):
        client = Client(url.host, port, context if security is Security.TLS else None)
    if security is Security.STARTTLS:
        try:
            with explained(url.host, port):
                _start_tls(client, context)
        except BaseException:
            client.bytes_stream.close()
            raise
    return client


def _start_tls(client: Client, context: ssl.SSLContext | None) -> None:
    if client._imap.state != "NONAUTH":  # PREAUTH: whoever sits in between wants us to skip STARTTLS
        raise TlsMissing("the server logs us in before the encryption could begin")
    if not client.has_capability("STARTTLS"):
        raise TlsMissing("it does not announce STARTTLS")
    client.starttls(context)


def _log_in(client: Client, user: str, password: str) -> None:
    if client._imap.state == "AUTH":  # PREAUTH over TLS
        return
    with explained(client.host, client.port):
        _log_in_by_password(client, user, password)


def _log_in_by_password(client: Client, user: str, password: str) -> None:
    capabilities = client.capabilities()
    try:
        if b"AUTH=PLAIN" in capabilities:
            client.plain_login(user, password)
        elif b"LOGINDISABLED" in capabilities:
            raise TlsMissing("it allows no login by password on this connection")
        elif not (user + password).isascii():
            raise LoginRefused("this server takes no umlauts in user name or password")
        else:
            quoted = (
                user if _ATOM.fullmatch(user) else '"' + user.replace("\\", "\\\\").replace('"', '\\"') + '"'
            )
            client.login(quoted, password)
    except LoginError as error:
        raise _login_error(
            error
        ) from None  # the chain holds the server's words only, but nothing is gained by it
    except imaplib.IMAP4.abort as error:
        raise ConnectionLost(str(error)) from None


def _login_error(error: LoginError) -> MailError:
    """IMAPClient passes the server's words on as the text of another exception, imaplib as bytes or text."""
    text = _words(error.__context__ or error)
    found = _CODE.search(text)
    return login_refusal(found[1].decode().upper(), found[2]) if found else login_refusal("", text)


def _words(error: BaseException) -> bytes:
    """What an exception says, which imaplib gives as bytes or as text."""
    words = error.args[0] if error.args else ""
    return words if isinstance(words, bytes) else str(words).encode()


@contextlib.contextmanager
def explained(host: str, port: int) -> Iterator[None]:
    """Errors of sockets, TLS and imaplib as errors of the house."""
    where = f"{host}:{port}"
    try:
        yield
    except MailError:
        raise
    except ssl.SSLCertVerificationError as error:
        raise CertificateRefused(
            "{where}: {reason}", where=where, reason=error.verify_message or error.reason
        ) from error
    except ssl.SSLError as error:
        raise TlsMissing("{where}: {reason}", where=where, reason=error.reason or error) from error
    except socket.gaierror as error:
        raise HostUnknown("{where}: {reason}", where=host, reason=error.strerror or error) from error
    except TimeoutError as error:
        raise ConnectionFailed(
            "{where}: no answer within {n} seconds", where=where, n=round(CONNECT_SECONDS)
        ) from error
    except OSError as error:
        raise ConnectionFailed("{where}: {reason}", where=where, reason=error.strerror or error) from error
    except (imaplib.IMAP4.error, ValueError, TypeError, AttributeError, LookupError) as error:
        # All but the first: answers that imaplib and IMAPClient did not expect.
        words = _words(error)
        if words[:6].upper() == b"* BYE ":
            raise ServerBusy(cause_of(words[6:])) from error
        raise ConnectionFailed(f"{host}:{port}: {cause_of(words)}") from error


def _keep_alive(sock: socket.socket) -> None:
    """Let the kernel find out within some two minutes that the other end is gone, as after a laptop's sleep."""
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    for option, seconds in (("TCP_KEEPIDLE", 60), ("TCP_KEEPINTVL", 15), ("TCP_KEEPCNT", 4)):
        if hasattr(socket, option):
            sock.setsockopt(socket.IPPROTO_TCP, getattr(socket, option), seconds)

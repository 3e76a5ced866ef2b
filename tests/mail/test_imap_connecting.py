"""A connection is encrypted and verified, and a failure says in plain words what is wrong."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.domain.errors import BadInput
from app.mail.errors import (
    BadUrl,
    CertificateRefused,
    ConnectionFailed,
    ConnectionLost,
    HostUnknown,
    LoginRefused,
    MailError,
    ServerBusy,
    TlsMissing,
)
from app.mail.imap import connecting
from app.mail.imap.source import ImapSource
from app.mail.open import open_source
from app.mail.urls import Kind, MailUrl, Security, parse_url
from tests.mail.conftest import Post
from tests.servers.dovecot import Dovecot, dovecot, make_certificate
from tests.servers.proxy import proxy
from tests.servers.scripted import imap_talk, scripted_server


def connect(url: str, password: str = "geheim", ca_file: Path | None = None) -> ImapSource:
    return ImapSource(parse_url(url), password, ca_file)


@pytest.fixture(scope="module")
def umlauts() -> Iterator[Dovecot]:
    """A server whose password is not ASCII."""
    with dovecot(password="Grüße") as server:
        yield server


@pytest.mark.parametrize("scheme", ["imaps", "imap", "imap+auto", "imap+insecure"])
def test_every_scheme_reaches_the_mail(post: Post, scheme: str) -> None:
    source = post.connect(scheme)
    assert "INBOX" in [folder.path for folder in source.folders()]
    source.close()


@pytest.mark.parametrize("scheme", ["imaps", "imap", "imap+auto"])
def test_an_unknown_certificate_is_refused_before_the_password_is_sent(post: Post, scheme: str) -> None:
    url = parse_url(post.server.url(scheme))
    with proxy(url.port) as between, pytest.raises(CertificateRefused, match="self-signed"):
        connect(f"{scheme}://rep@localhost:{between.port}")
    assert not any(b"AUTHENTICATE" in line or b"LOGIN" in line for line in between.client_lines)


def tls_server(directory: Path, names: str = "DNS:localhost") -> tuple[ssl.SSLContext, Path]:
    certificate = make_certificate(directory, names)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, directory / "key.pem")
    return context, certificate


def test_a_certificate_for_another_host_is_refused(tmp_path: Path) -> None:
    context, certificate = tls_server(tmp_path, "DNS:anders.example")

    def talk(connection: socket.socket) -> None:
        context.wrap_socket(connection, server_side=True)

    with scripted_server(talk) as port, pytest.raises(CertificateRefused, match="not valid for 'localhost'"):
        connect(f"imaps://rep@localhost:{port}", ca_file=certificate)


def test_a_ca_file_that_cannot_be_read_is_named(post: Post, tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("kein Zertifikat")
    for ca_file in (tmp_path / "ca.pem", tmp_path / "fehlt.pem"):
        with pytest.raises(CertificateRefused, match=ca_file.name):
            connect(post.server.url("imaps"), ca_file=ca_file)


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion:DeprecationWarning")
def test_old_tls_is_refused(tmp_path: Path) -> None:
    context, certificate = tls_server(tmp_path)
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version = ssl.TLSVersion.TLSv1
    context.maximum_version = ssl.TLSVersion.TLSv1_1

    def talk(connection: socket.socket) -> None:
        context.wrap_socket(connection, server_side=True)

    with scripted_server(talk) as port, pytest.raises((TlsMissing, ConnectionFailed)):
        connect(f"imaps://rep@localhost:{port}", ca_file=certificate)


def test_a_wrong_password_is_told(any_post: Post) -> None:
    with pytest.raises(LoginRefused, match="Authentication failed"):
        connect(any_post.server.url(), "falsch")


def test_a_password_with_umlauts_opens_the_mailbox(umlauts: Dovecot) -> None:
    source = connect(umlauts.url("imaps", "jörg"), umlauts.password, umlauts.certificate)
    assert source.folders()
    source.close()


@pytest.mark.parametrize("user", ["anna berg", 'anna"b', "anna\\b", "anna@firma.example"])
def test_a_user_name_is_never_taken_apart(user: str) -> None:
    asked: list[bytes] = []

    def answers(tag: bytes, rest: bytes) -> bytes:
        asked.append(rest)
        if rest == b"CAPABILITY":
            return b"* CAPABILITY IMAP4rev1\r\n" + tag + b" OK gut\r\n"
        return tag + b" NO nein\r\n"

    url = parse_url("imap+insecure://localhost:1")
    with scripted_server(imap_talk(answers)) as port, pytest.raises(LoginRefused):
        connecting.connect(type(url)(url.kind, url.security, "localhost", port, user), 'pass "wort')
    name = (
        user if user == "anna@firma.example" else '"' + user.replace("\\", "\\\\").replace('"', '\\"') + '"'
    )
    assert asked[-1] == b'LOGIN %s "pass \\"wort"' % name.encode()


@pytest.mark.parametrize("password", ["geheim\r\nP1 LOGOUT", "a\0b", "a\nb"])
def test_a_password_cannot_carry_a_command(post: Post, password: str) -> None:
    with pytest.raises(BadInput):
        connect(post.server.url(), password)


def test_no_password_is_sent_where_login_needs_tls_first() -> None:
    with scripted_server(imap_talk(refusing(b"LOGINDISABLED"))) as server, proxy(server) as between:
        with pytest.raises(TlsMissing):
            connect(f"imap+insecure://rep@localhost:{between.port}")
        assert not any(b"geheim" in line for line in between.client_lines)


def test_a_name_that_nobody_knows_is_told() -> None:
    with pytest.raises(HostUnknown):
        connect("imaps://rep@postkorb.invalid")


def test_a_port_where_nobody_listens_is_told() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        for scheme in ("imaps", "imap", "imap+auto", "imap+insecure"):
            with pytest.raises(ConnectionFailed, match="refused"):
                connect(f"{scheme}://rep@localhost:{unused.getsockname()[1]}")


def test_a_silent_server_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connecting, "CONNECT_SECONDS", 0.1)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        for scheme in ("imaps", "imap", "imap+insecure"):
            with pytest.raises((ConnectionFailed, ConnectionLost), match="no answer"):
                connect(f"{scheme}://rep@localhost:{silent.getsockname()[1]}")


def test_tls_on_a_plain_port_is_told(post: Post) -> None:
    with pytest.raises(TlsMissing):
        connect(f"imaps://rep@localhost:{post.server.port}")


def test_auto_tries_starttls_where_nothing_listens_for_tls(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(connecting.STARTTLS_PORTS, Kind.IMAP, post.server.port)
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = MailUrl(Kind.IMAP, Security.AUTO, "localhost", unused.getsockname()[1], post.user)
        source = ImapSource(url, "geheim", post.server.certificate)
        assert source.folders()
        source.close()
        with pytest.raises(CertificateRefused):
            ImapSource(url, "geheim")


def refusing(capability: bytes) -> Callable[[bytes, bytes], bytes]:
    def answers(tag: bytes, rest: bytes) -> bytes:
        if rest == b"CAPABILITY":
            return b"* CAPABILITY IMAP4rev1 " + capability + b"\r\n" + tag + b" OK gut\r\n"
        return tag + b" NO [UNAVAILABLE] spaeter\r\n"

    return answers


@pytest.mark.parametrize("scheme", ["imap", "imap+auto"])
def test_a_server_without_starttls_gets_no_password(scheme: str) -> None:
    with scripted_server(imap_talk(refusing(b"AUTH=PLAIN"))) as server, proxy(server) as between:
        with pytest.raises(TlsMissing):
            connect(f"{scheme}://rep@localhost:{between.port}")
        assert b"AUTHENTICATE" not in b"".join(between.client_lines)
        assert b"LOGIN" not in b"".join(between.client_lines)


def test_a_refused_starttls_ends_the_attempt() -> None:
    with scripted_server(imap_talk(refusing(b"STARTTLS AUTH=PLAIN"))) as port, pytest.raises(MailError):
        connect(f"imap://rep@localhost:{port}")


def test_a_greeting_that_skips_the_login_cannot_skip_the_encryption() -> None:
    talk = imap_talk(refusing(b"STARTTLS AUTH=PLAIN"), b"* PREAUTH willkommen\r\n")
    with scripted_server(talk) as port, pytest.raises(TlsMissing):
        connect(f"imap://rep@localhost:{port}")


def test_words_slipped_in_before_the_encryption_end_the_attempt(tmp_path: Path) -> None:
    context, certificate = tls_server(tmp_path)

    def talk(connection: socket.socket) -> None:
        connection.sendall(b"* OK hallo\r\n")
        tag = connection.recv(1000).split()[0]
        connection.sendall(b"* CAPABILITY IMAP4rev1 STARTTLS\r\n" + tag + b" OK gut\r\n")
        tag = connection.recv(1000).split()[0]
        connection.sendall(tag + b" OK los\r\n* CAPABILITY IMAP4rev1 AUTH=PLAIN EVIL\r\n")
        context.wrap_socket(connection, server_side=True).recv(1000)

    with scripted_server(talk) as port, pytest.raises(ConnectionLost, match="between STARTTLS"):
        connect(f"imap://rep@localhost:{port}", ca_file=certificate)


def test_a_server_that_is_too_busy_is_not_taken_for_a_wrong_password() -> None:
    with (
        scripted_server(imap_talk(refusing(b"AUTH=PLAIN"))) as port,
        pytest.raises(ServerBusy, match="spaeter"),
    ):
        connect(f"imap+insecure://rep@localhost:{port}")


@pytest.mark.parametrize(
    "greeting",
    [
        b"HTTP/1.1 400 Bad Request\r\n\r\n",
        b"\xff\xfe\xfd\r\n",
        b"* OK\xe4 [\r\n" * 3,
    ],
)
def test_whoever_does_not_speak_imap_is_told(greeting: bytes) -> None:
    def talk(connection: socket.socket) -> None:
        connection.sendall(greeting)

    with scripted_server(talk) as port, pytest.raises((ConnectionFailed, ConnectionLost)):
        connect(f"imap+insecure://rep@localhost:{port}")


def test_a_server_that_says_goodbye_at_once_is_busy() -> None:
    def talk(connection: socket.socket) -> None:
        connection.sendall(b"* BYE zu viele Verbindungen\r\n")

    with scripted_server(talk) as port, pytest.raises(ServerBusy, match="moment: zu viele Verbindungen"):
        connect(f"imap+insecure://rep@localhost:{port}")


def test_capabilities_are_those_after_login(post: Post) -> None:
    source = post.connect()
    assert {"IDLE", "QRESYNC", "MOVE", "LIST-STATUS"} <= source.capabilities
    assert (source.can_qresync, source.can_condstore, source.can_idle, source.can_move) == (True,) * 4
    source.close()


def test_an_old_server_is_asked_for_nothing_new(servers: Callable[[str], Dovecot]) -> None:
    source = Post(servers("old"), servers("old").new_user()).connect()
    assert (source.can_qresync, source.can_condstore, source.can_idle, source.can_move) == (False,) * 4
    source.close()


def test_a_closed_source_says_so_and_closes_twice_without_complaint(post: Post) -> None:
    source = post.connect()
    source.close()
    source.close()
    with pytest.raises(ConnectionLost):
        source.folders()


def test_an_outgoing_address_is_no_source() -> None:
    with pytest.raises(BadUrl):
        open_source("smtps://rep@localhost")


def capable(said: bytes) -> Callable[[bytes, bytes], bytes]:
    """A server that says this when it is asked after the login what it can do."""
    asked = []

    def answers(tag: bytes, rest: bytes) -> bytes:
        asked.append(rest)
        usual = b"* CAPABILITY IMAP4rev1\r\n" if asked.count(b"CAPABILITY") < 2 else said
        return (usual if rest == b"CAPABILITY" else b"") + tag + b" OK done\r\n"

    return answers


def test_a_server_that_does_not_say_what_it_can_do_is_told() -> None:
    with scripted_server(imap_talk(capable(b""))) as port, pytest.raises(ConnectionFailed):
        connect(f"imap+insecure://rep@localhost:{port}")


@pytest.mark.parametrize("said", [b"* CAPABILITY\r\n", b"* CAPABILITY \xff\xfe\r\n"])
def test_a_server_whose_words_nobody_knows_is_taken_for_a_simple_one(said: bytes) -> None:
    with scripted_server(imap_talk(capable(said))) as port:
        source = connect(f"imap+insecure://rep@localhost:{port}")
        assert not source.can_move
        source.close()

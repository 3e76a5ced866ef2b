"""Addresses of mail sources and outgoing transports, written as URLs in aerc's manner; opens no connection."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

from app.domain.errors import BadInput
from app.domain.paths import expanded
from app.mail.errors import BadUrl


class Kind(StrEnum):
    """What speaks at the other end."""

    IMAP = "imap"
    SMTP = "smtp"
    MAILDIR = "maildir"
    SENDMAIL = "sendmail"


class Security(StrEnum):
    """How a connection is protected. AUTO: TLS from the start, else STARTTLS, never plain text."""

    TLS = "tls"
    STARTTLS = "starttls"
    AUTO = "auto"
    PLAIN = "plain"


_NETWORK = {
    "imaps": (Kind.IMAP, Security.TLS, 993),
    "imap": (Kind.IMAP, Security.STARTTLS, 143),
    "imap+insecure": (Kind.IMAP, Security.PLAIN, 143),
    "imap+auto": (Kind.IMAP, Security.AUTO, 993),
    "smtps": (Kind.SMTP, Security.TLS, 465),
    "smtp": (Kind.SMTP, Security.STARTTLS, 587),
    "smtp+insecure": (Kind.SMTP, Security.PLAIN, 587),
    "smtp+auto": (Kind.SMTP, Security.AUTO, 465),
}
_LOCAL = {"maildir": Kind.MAILDIR, "sendmail": Kind.SENDMAIL}
_SCHEMES = {(kind, security): scheme for scheme, (kind, security, _port) in _NETWORK.items()}

#: The port that AUTO tries with STARTTLS when nothing listens on the TLS port and the URL names none.
STARTTLS_PORTS = {Kind.IMAP: 143, Kind.SMTP: 587}


@dataclass(frozen=True, slots=True)
class MailUrl:
    """A parsed address. Network kinds have `host` (ASCII), `port` and `user` (decoded, may be empty); local ones `path`.

    `port_given`: the URL named the port, so AUTO stays on it.
    """

    kind: Kind
    security: Security = Security.PLAIN
    host: str = ""
    port: int = 0
    user: str = ""
    path: Path | None = None
    port_given: bool = False

    def __str__(self) -> str:
        if self.path is not None:
            return f"{self.kind}:{'//' if self.kind is Kind.MAILDIR else ''}{quote(str(self.path))}"
        user = f"{quote(self.user, safe='')}@" if self.user else ""
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = f":{self.port}" if self.port_given else ""
        return f"{_SCHEMES[self.kind, self.security]}://{user}{host}{port}"


def parse_url(text: str) -> MailUrl:
    """Read a source or outgoing address. Raises BadUrl, whose cause never repeats a password."""
    text = text.strip()
    if any(ord(c) < 32 or ord(c) == 127 for c in text):
        raise BadUrl("it holds control characters")
    scheme, colon, _rest = text.partition(":")
    scheme = scheme.lower()
    if colon and scheme in _LOCAL:
        return MailUrl(_LOCAL[scheme], path=_local_path(text))
    if not colon or scheme not in _NETWORK:
        known = ", ".join([*_NETWORK, *_LOCAL])
        raise BadUrl("it must begin with one of {known}", known=known)
    return _network(scheme, text)


def is_loopback(host: str) -> bool:
    """Whether traffic to this host cannot leave the machine."""
    if host.rstrip(".").lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _network(scheme: str, text: str) -> MailUrl:
    try:
        parts = urlsplit(text)
        host, given, password = parts.hostname or "", parts.port, parts.password
    except ValueError:  # its message may repeat the whole address, and with it a password
        raise BadUrl("the host or the port cannot be read") from None
    if password is not None:
        raise BadUrl("a password must not stand in it; use --password-command or the keyring")
    if parts.path not in ("", "/") or parts.query or parts.fragment:
        raise BadUrl("nothing may follow the host and the port")
    if given == 0:
        raise BadUrl("0 is no port")
    kind, security, default = _NETWORK[scheme]
    host = _ascii_host(host)
    if security is Security.PLAIN and not is_loopback(host):
        raise BadUrl(
            "{scheme} is only for this machine (localhost); elsewhere it would send the password in the clear",
            scheme=scheme,
        )
    return MailUrl(
        kind, security, host, given or default, _user(parts.username or ""), port_given=given is not None
    )


def _user(encoded: str) -> str:
    user = unquote(encoded, errors="replace")
    if any(ord(c) < 32 or ord(c) == 127 or c == "\ufffd" for c in user):
        raise BadUrl("the user name holds control characters or is not UTF-8")
    return user


def _ascii_host(host: str) -> str:
    if ":" in host or not host:  # an IPv6 literal, already checked for brackets by urlsplit
        try:
            return str(ipaddress.IPv6Address(host))
        except ValueError:
            raise BadUrl("the host is missing" if not host else "the IPv6 address cannot be read") from None
    try:
        ascii_host = host.encode("idna").decode()
    except UnicodeError:
        raise BadUrl("the host name cannot be used") from None
    if not re.fullmatch(r"[A-Za-z0-9_.-]+", ascii_host):
        raise BadUrl("the host name cannot be used")
    return ascii_host


def _local_path(text: str) -> Path:
    rest = text.partition(":")[2]
    if rest.startswith("//"):
        rest = rest[2:]
        if not rest.startswith(("/", "~/")):
            raise BadUrl("a path needs three slashes, as in maildir:///home/anna/Mail")
    try:
        path = expanded(unquote(rest))
    except BadInput:
        raise BadUrl("the path cannot be used") from None
    if not path.is_absolute():
        raise BadUrl("the path must be absolute")
    return path

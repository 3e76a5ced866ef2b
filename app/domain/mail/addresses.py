"""Addresses as a person types them and as a message carries them; it checks the form only and asks no name server."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from app.domain.errors import BadInput
from app.domain.mail.messages import Address

MAX_LENGTH = 254  # RFC 5321 section 4.5.3.1.3, without the angle brackets


def parse_addresses(text: str) -> tuple[Address, ...]:
    """What a person typed into an address line: `Silke Berger <s@vogel.example>, einkauf@vogel.example`.

    Commas and semicolons separate, also without a space. Nothing is dropped: what is no address comes back as one,
    for `is_address` to find. "Berger, Silke <s@vogel.example>" is one person; "Max Vogel, Silke <s@…>" is two,
    because a person who was meant to get the mail must not vanish into a name.
    """
    pieces = list(_pieces(text))
    found: list[Address] = []
    at = 0
    while at < len(pieces):
        if at + 1 < len(pieces) and _is_last_name(pieces[at]) and _is_first_name(pieces[at + 1]):
            found.append(_one(f"{pieces[at]}, {pieces[at + 1]}"))
            at += 2
        else:
            found.append(_one(pieces[at]))
            at += 1
    return tuple(found)


def _is_last_name(piece: str) -> bool:
    return not any(char in '@<" ' for char in piece)


def _is_first_name(piece: str) -> bool:
    name, bracket, rest = piece.rpartition("<")
    return bool(
        bracket and rest.endswith(">") and name.strip() and " " not in name.strip() and '"' not in name
    )


def _pieces(text: str) -> Iterable[str]:
    """The parts between separators that stand neither in quotes nor in angle brackets."""
    piece: list[str] = []
    quoted = angle = escaped = False
    for char in text:
        if char in ",;" and not quoted and not angle:
            yield from _kept(piece)
            piece = []
            continue
        piece.append(char)
        if escaped:
            escaped = False
        elif quoted:
            escaped = char == "\\"
            quoted = char != '"'
        else:
            quoted = char == '"'
            angle = char == "<" or (angle and char != ">")
    yield from _kept(piece)


def _kept(piece: list[str]) -> Iterable[str]:
    text = "".join(piece).strip()
    if text:
        yield text


def _one(piece: str) -> Address:
    name, bracket, rest = piece.rpartition("<")
    if not bracket or not rest.endswith(">"):
        return Address("", piece)
    return Address(_unquoted(name.strip()), rest[:-1].strip())


def _unquoted(name: str) -> str:
    if len(name) < 2 or name[0] != '"' or name[-1] != '"':
        return name
    out: list[str] = []
    escaped = False
    for char in name[1:-1]:
        if escaped or char != "\\":
            out.append(char)
            escaped = False
        else:
            escaped = True
    return "".join(out)


def format_addresses(addresses: Iterable[Address]) -> str:
    """The line that `parse_addresses` reads back; for editing, not for the wire."""
    return ", ".join(format_address(address) for address in addresses)


def format_address(address: Address) -> str:
    if not address.name:
        return address.address
    name = address.name
    if any(char in '",;<>@\\' for char in name) or name != name.strip():
        name = '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return f"{name} <{address.address}>"


def address_key(address: str) -> str:
    """Equal for addresses that reach the same person: nobody runs case-sensitive local parts."""
    return address.strip().casefold()


_UNATTENDED = re.compile(
    r"^(mailer-?daemon|postmaster|bounces?)(?![a-z0-9])"
    r"|(?<![a-z0-9])(no[-_.]?reply|(do[-_.]?not|dont)[-_.]?reply|(nicht|keine)[-_.]?antwort(en)?)(?![a-z0-9])"
)


def is_unattended(address: str) -> bool:
    """True for addresses that nobody reads: of mail servers, and "noreply" in its many spellings."""
    return bool(_UNATTENDED.search(address.rpartition("@")[0].lower()))


def is_hostile(text: str) -> bool:
    """True for what must never stand in a header: controls (CR, LF, NUL, …), line separators, lone surrogates."""
    return any(unicodedata.category(char) in ("Cc", "Zl", "Zp", "Cs") for char in text)


def is_address(address: str) -> bool:
    """True if the form is right by RFC 5321 and RFC 6531; internal domains such as `firma.local` are allowed."""
    return _ascii_domain(address) is not None


def wire_address(address: str) -> str:
    """The address with an internationalised domain in its ASCII form (RFC 5890); the local part stays as it is.

    Raises BadInput for what is no address.
    """
    domain = _ascii_domain(address)
    if domain is None:
        raise BadInput(address)
    local, _, as_typed = address.rpartition("@")
    return address if as_typed.isascii() else f"{local}@{domain}"


#: Reserved names (RFC 6761, RFC 6762) that companies use inside all the same, and that email-validator refuses.
_INTERNAL = frozenset({"local", "localhost", "test"})
_STAND_IN = "internal.example"


def _ascii_domain(address: str) -> str | None:
    """The domain in ASCII, or None if the address is not well formed."""
    if not address or is_hostile(address) or len(address) > MAX_LENGTH:
        return None
    from email_validator import EmailNotValidError, validate_email

    local, _, domain = address.rpartition("@")
    last = domain.rpartition(".")[2]
    internal = last.lower() in _INTERNAL
    if internal:
        address = f"{local}@{domain.removesuffix(last)}{_STAND_IN}"
    try:
        checked = validate_email(
            address,
            check_deliverability=False,
            globally_deliverable=False,
            allow_quoted_local=True,
            allow_domain_literal=True,
        )
    except EmailNotValidError:
        return None
    return checked.ascii_domain.removesuffix(_STAND_IN) + last if internal else checked.ascii_domain

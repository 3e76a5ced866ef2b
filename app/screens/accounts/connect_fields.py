"""The fields of the connect form: what they are called, what they hold at first, and the mailbox that they make; no widget."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from app.domain.errors import BadInput
from app.domain.mail.accounts import Mailbox, name_problem
from app.domain.mail.addresses import format_address, is_address, parse_addresses
from app.domain.paths import expanded
from app.domain.text import clean_line
from app.language import _

#: Of several lines.
NOTE = "signature"
#: What decides how mail is fetched and sent.
_WAY = ("source", "outgoing", "password_command", "ca_file")


@dataclass(frozen=True, slots=True)
class FormField:
    """`name`: an attribute of a mailbox, or its password. `hint`: what an empty one shows."""

    name: str
    label: str
    hint: str = ""
    value: str = ""


class WrongField(Exception):
    """What is wrong with one field, in the rep's language."""

    def __init__(self, field: str, told: str) -> None:
        super().__init__(told)
        self.field = field
        self.told = told


def fields_for(mailbox: Mailbox | None) -> tuple[FormField, ...]:
    """The fields in their order: who one is, where mail comes from and goes to, what else is sent. `mailbox`: one to change."""
    kept = mailbox is not None and mailbox.keeps_password
    fields = (
        FormField("address", _("E-mail address")),
        FormField("display_name", _("Your name"), _("as recipients see it")),
        FormField("name", _("Mailbox name"), _("as the folder list shows it")),
        FormField("source", _("Server"), "imaps://name@imap.firma.example"),
        FormField("outgoing", _("Outgoing server"), "smtps://name@smtp.firma.example"),
        FormField("password", _("Password"), _("empty: as it is") if kept else ""),
        FormField("password_command", _("or command"), _("a command that prints the password")),
        FormField("ca_file", _("CA file"), _("only for certificates of your own")),
        FormField("senders", _("More senders"), _("further addresses, separated by commas")),
        FormField("signature", _("Signature")),
    )
    if mailbox is None:
        return fields
    return tuple(replace(field, value=_value(mailbox, field.name)) for field in fields)


def _value(mailbox: Mailbox, name: str) -> str:
    if name == "password":
        return ""
    return ", ".join(mailbox.senders) if name == "senders" else str(getattr(mailbox, name))


def mailbox_of(typed: Mapping[str, str], before: Mailbox | None) -> Mailbox:
    """The mailbox that was typed; `before`: the one that is changed. Raises WrongField for the first that cannot be used."""
    text = {name: value.strip() for name, value in typed.items() if name not in ("password", NOTE)}
    if not is_address(text["address"]):
        raise WrongField("address", _("The e-mail address is not complete."))
    if name_problem(text["name"]):
        raise WrongField("name", _("The name needs letters, digits or . @ + - _, at most 64."))
    if not text["source"]:
        raise WrongField("source", _("The server is missing."))
    _check_password(text, typed["password"], before)
    return replace(
        before or Mailbox("", "", ""),
        **{**text, "ca_file": _ca_file(text["ca_file"]), "senders": _senders(text["senders"])},  # type: ignore[arg-type]
        signature=typed[NOTE].rstrip(),
    )


def is_reached_alike(one: Mailbox, other: Mailbox) -> bool:
    """Whether both are the same mailbox at the same servers, so that there is nothing to try."""
    return all(getattr(one, name) == getattr(other, name) for name in _WAY)


def _check_password(text: Mapping[str, str], password: str, before: Mailbox | None) -> None:
    kept = before is not None and before.keeps_password
    needed = not kept and not text["source"].startswith("maildir:")
    if needed and not password and not text["password_command"]:
        raise WrongField("password", _("The password is missing."))
    if password and text["password_command"]:
        raise WrongField("password_command", _("Either a password or a command, not both."))


def _ca_file(typed: str) -> str:
    if not typed:
        return ""
    try:
        return str(expanded(typed).absolute())
    except BadInput as error:
        raise WrongField("ca_file", clean_line(error.told_cause)) from error


def _senders(typed: str) -> tuple[str, ...]:
    addresses = parse_addresses(typed)
    for each in addresses:
        if not is_address(each.address):
            told = _("{address} is no e-mail address.").format(address=clean_line(each.address))
            raise WrongField("senders", told)
    return tuple(map(format_address, addresses))

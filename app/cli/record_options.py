"""The options by which records are described on the command line, and what they say: the same for a new one and for one that is
changed."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Annotated, Any

import typer

from app.cli.front import Front
from app.cli.references import meant_login, record_number
from app.domain.crm.kinds import Kind
from app.language import N_


@dataclass(frozen=True, slots=True)
class Described:
    """`kind`: list for an option that may be repeated, bool for one that stands alone. A new record cannot do without what
    is `needed`; what is `at_first` only is set by another verb later, or not at all."""

    name: str
    metavar: str
    help: str
    kind: Any = str
    needed: bool = False
    at_first: bool = False


_TITLE = Described("title", "TEXT", N_("The title."), needed=True)
_CONTACT = Described("contact", "RECORD", N_("Number or name of its contact."))
_LEAD = Described("lead", "RECORD", N_("Number or title of its lead."))
_VALUE = Described("value", "EUR", N_("What it is worth, in euros."))
_ASSIGNEE = Described("assignee", "LOGIN", N_("Who works on it; you, if nobody is named."))
_NOTE = Described("note", "TEXT", N_("A note."))

#: What a record of each kind is described by, in the order of the help.
OPTIONS: Mapping[Kind, tuple[Described, ...]] = {
    Kind.CONTACT: (
        Described("name", "NAME", N_("First and last name, or last name, first name.")),
        Described("email", "ADDRESS", N_("E-mail address; may be repeated."), list[str]),
        Described("phone", "NUMBER", N_("Phone number; may be repeated."), list[str]),
        Described("company", "TEXT", N_("The company.")),
        Described("customer_number", "NUMBER", N_("The customer number.")),
        Described("salutation", "TEXT", N_("The salutation, such as Frau.")),
        Described("title", "TEXT", N_("The academic title.")),
        Described("street", "TEXT", N_("Street and number.")),
        Described("postal_code", "TEXT", N_("The postal code.")),
        Described("city", "TEXT", N_("The city.")),
        Described("country", "TEXT", N_("The country.")),
        Described("trait", "TEXT", N_("A trait; may be repeated."), list[str]),
        Described("assignee", "LOGIN", N_("Who takes care of it; you, unless another is named.")),
        _NOTE,
    ),
    Kind.LEAD: (
        _TITLE,
        _CONTACT,
        Described("campaign", "NAME", N_("The campaign it comes from; one that is not there yet is made.")),
        Described("source", "TEXT", N_("Where it comes from.")),
        _VALUE,
        Described("next_step", "TEXT", N_("What is to be done next.")),
        Described("due", "DAY", N_("When it is due: 2026-12-24, 24.12., tomorrow.")),
        Described("assignee", "LOGIN", N_("Who works on it; without one it is new.")),
        _NOTE,
    ),
    Kind.TASK: (
        _TITLE,
        Described("due", "DAY", N_("When it is due: 24.12., +3, tomorrow; with a time: tomorrow 14:30.")),
        Described("follow_up", "", N_("Make it a follow-up."), bool, at_first=True),
        _CONTACT,
        _LEAD,
        Described("opportunity", "RECORD", N_("Number or title of its opportunity.")),
        _ASSIGNEE,
        _NOTE,
    ),
    Kind.OPPORTUNITY: (
        _TITLE,
        _CONTACT,
        _LEAD,
        _VALUE,
        Described("probability", "PERCENT", N_("How likely it is, in percent.")),
        Described("expected", "DAY", N_("When it is expected to be decided: a day or a month.")),
        Described("stage", "TEXT", N_("How far it has come."), at_first=True),
        replace(_ASSIGNEE, at_first=True),
        _NOTE,
    ),
}
#: Options whose field in `app.domain.crm.record_input` is called otherwise.
_FIELDS = {
    "email": "emails",
    "phone": "phones",
    "trait": "traits",
    "due": "due_on",
    "expected": "expected_on",
}


def with_options(kind: Kind, *, new: bool) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Decorates a verb, whose last parameters are `--json` and what takes the options of this kind by name, with each of
    them named for the parser: for a `new` record, or for one that is changed."""
    given = [_parameter(option, new) for option in OPTIONS[kind] if new or not option.at_first]

    def with_these(verb: Callable[..., None]) -> Callable[..., None]:
        *own, as_json, _options = inspect.signature(verb, eval_str=True).parameters.values()

        def described(**words: Any) -> None:
            verb(**words)

        parameters = [
            parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY) for parameter in (*own, *given, as_json)
        ]
        described.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
        described.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
        described.__doc__ = verb.__doc__
        return described

    return with_these


def _parameter(option: Described, new: bool) -> inspect.Parameter:
    about = typer.Option(
        f"--{option.name.replace('_', '-')}", metavar=option.metavar or None, help=option.help
    )
    default: Any = None
    kind = option.kind | None
    if option.kind is bool:
        default, kind = False, bool
    elif new and option.needed:
        default, kind = inspect.Parameter.empty, option.kind
    return inspect.Parameter(
        option.name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=Annotated[kind, about]
    )


def values_of(front: Front, options: Mapping[str, Any]) -> dict[str, Any]:
    """What was given, by the names of the fields; an empty text empties one, and what was not given is left out.

    Raises NotFound and BadInput for a contact or lead that is not there.
    """
    values: dict[str, Any] = {}
    for name, given in options.items():
        if given is None:
            continue
        if name == "name":
            values["first_name"], values["last_name"] = _names(given)
        elif name in (Kind.CONTACT, Kind.LEAD, Kind.OPPORTUNITY):
            values[f"{name}_id"] = record_number(front, Kind(name), given)
        elif name == "assignee":
            values[name] = meant_login(front, given)
        elif isinstance(given, list):
            values[_FIELDS[name]] = [part for part in given if part.strip()]
        else:
            values[_FIELDS.get(name, name)] = given
    return values


def _names(name: str) -> tuple[str, str]:
    """First and last name out of "Silke Berger" or "Berger, Silke"."""
    last, comma, first = name.partition(",")
    if comma:
        return first.strip(), last.strip()
    first, _space, last = name.strip().rpartition(" ")
    return first, last

"""The options by which a record is described on the command line: the same for a new one and for one that is changed."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

import typer

from app.cli.front import Front
from app.cli.references import record_number
from app.domain.crm import Kind
from app.language import N_


@dataclass(frozen=True, slots=True)
class Described:
    """`kind`: int for a number, list for an option that may be repeated. `needed` is what a new one cannot do without."""

    name: str
    metavar: str
    help: str
    kind: Any = str
    needed: bool = False


_TITLE = Described("title", "TEXT", N_("The title."), needed=True)
_CONTACT = Described("contact", "RECORD", N_("Number or name of its contact."))
_VALUE = Described("value", "EUR", N_("What it is worth, in euros."))
_DUE = Described("due", "DAY", N_("When it is due: 2026-12-24, 24.12., tomorrow."))
_ASSIGNEE = Described("assignee", "NAME", N_("Who takes care of it; you, unless another is named."))
_NOTE = Described("note", "TEXT", N_("A note."))

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
        _ASSIGNEE,
        _NOTE,
    ),
    Kind.LEAD: (
        _TITLE,
        _CONTACT,
        Described("campaign", "NAME", N_("The campaign it comes from; one that is not there yet is made.")),
        Described("source", "TEXT", N_("Where it comes from.")),
        _VALUE,
        Described("next_step", "TEXT", N_("What is to be done next.")),
        _DUE,
        Described("assignee", "LOGIN", N_("Who works on it; without one it is new.")),
        _NOTE,
    ),
}
#: Options whose field in `app.domain.record_input` is called otherwise.
_FIELDS = {
    "email": "emails",
    "phone": "phones",
    "trait": "traits",
    "due": "due_on",
    "expected": "expected_on",
}


def with_options(kind: Kind, verb: Callable[..., None], *, new: bool) -> Callable[..., None]:
    """The verb, whose last parameters are `--json` and what takes the options of this kind by name, with each of them
    named for the parser."""
    *own, as_json, _options = inspect.signature(verb, eval_str=True).parameters.values()
    given = [_parameter(option, new) for option in OPTIONS[kind]]

    def described(**words: Any) -> None:
        verb(**words)

    parameters = [
        parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY) for parameter in (*own, *given, as_json)
    ]
    described.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    described.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    described.__doc__ = verb.__doc__
    return described


def _parameter(option: Described, new: bool) -> inspect.Parameter:
    about = typer.Option(f"--{option.name.replace('_', '-')}", metavar=option.metavar, help=option.help)
    needed = new and option.needed
    return inspect.Parameter(
        option.name,
        inspect.Parameter.KEYWORD_ONLY,
        default=inspect.Parameter.empty if needed else None,
        annotation=Annotated[option.kind if needed else option.kind | None, about],
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

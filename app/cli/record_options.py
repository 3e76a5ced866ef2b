"""The options by which records are described on the command line, and what they say: the same for a new one and for one that is
changed."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

import typer

from app.cli.front import Front
from app.cli.references import record_number
from app.domain.crm.kinds import Kind
from app.language import N_


@dataclass(frozen=True, slots=True)
class Described:
    """`kind`: list for an option that may be repeated."""

    name: str
    metavar: str
    help: str
    kind: Any = str


#: What a contact is described by.
CONTACT = (
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
    Described("note", "TEXT", N_("A note.")),
)
#: Options whose field in `app.domain.crm.record_input` is called otherwise.
_FIELDS = {
    "email": "emails",
    "phone": "phones",
    "trait": "traits",
    "due": "due_on",
    "expected": "expected_on",
}


def with_contact_options(verb: Callable[..., None]) -> Callable[..., None]:
    """The verb, whose last parameters are `--json` and what takes the options of a contact by name, with each of them
    named for the parser."""
    *own, as_json, _options = inspect.signature(verb, eval_str=True).parameters.values()
    given = [_parameter(option) for option in CONTACT]

    def described(**words: Any) -> None:
        verb(**words)

    parameters = [
        parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY) for parameter in (*own, *given, as_json)
    ]
    described.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    described.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    described.__doc__ = verb.__doc__
    return described


def _parameter(option: Described) -> inspect.Parameter:
    about = typer.Option(f"--{option.name.replace('_', '-')}", metavar=option.metavar, help=option.help)
    return inspect.Parameter(
        option.name,
        inspect.Parameter.KEYWORD_ONLY,
        default=None,
        annotation=Annotated[option.kind | None, about],
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

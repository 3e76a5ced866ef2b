"""How the people of the demo greet, take their leave and sign; no texts about matters."""

from __future__ import annotations

from datetime import datetime

from app.services.demo.catalogue import Customer, House, Person, Scenario
from app.services.demo.mime import Style

STYLES = (
    Style("utf-8", "8bit", 72),
    Style("utf-8", "quoted-printable", html=True, outlook=True),
    Style("iso-8859-1", "quoted-printable"),
    Style("utf-8", "base64", html=True, outlook=True),
    Style("windows-1252", "8bit", 76),
    Style("utf-8", "quoted-printable", html=True),
    Style("iso-8859-1", "8bit", 72),
    Style("windows-1252", "quoted-printable", outlook=True),
)
REP_STYLES = (Style("utf-8", "8bit", 72), Style("utf-8", "quoted-printable", 72, html=True))
MACHINE_STYLE = Style("utf-8", "8bit", 0)

_FIRST = ("Sehr geehrte Frau Berg,", "Guten Tag Frau Berg,", "Sehr geehrte Frau Berg,", "Hallo Frau Berg,")
_LATER = ("Guten Tag Frau Berg,", "Hallo Frau Berg,", "Liebe Frau Berg,", "Hallo Frau Berg,")
_CLOSINGS = (
    "Mit freundlichen Grüßen",
    "Freundliche Grüße",
    "Beste Grüße",
    "Viele Grüße",
    "Mit besten Grüßen",
    "Mit freundlichem Gruß",
)
_REP_CLOSINGS = (
    "Mit freundlichen Grüßen",
    "Viele Grüße aus Hamburg",
    "Beste Grüße",
    "Freundliche Grüße aus Hamburg",
)
_AMONG_US = ("Hallo {}", "Moin {}", "Hi {}", "Liebe Grüße", "Viele Grüße", "Danke und Gruß", "Gruß")


def customer_greeting(scenario: Scenario, customer: Customer, position: int) -> str:
    """How a customer, or another writer from outside, addresses the rep."""
    if scenario.greeting:
        return scenario.greeting
    if scenario.kind in {"notice", "auto"}:
        return "Guten Tag,"
    if not customer.known and not scenario.sender:
        return ("Sehr geehrte Damen und Herren,", "Guten Tag,", "Hallo,")[customer.index % 3]
    return (_FIRST if position == 0 else _LATER)[customer.index % 4]


def rep_greeting(person: Person, position: int, habit: int) -> str:
    """How the rep, or a colleague of hers, addresses a customer."""
    if not person.salutation:
        return f"Hallo {person.name},"
    if position <= 1 and habit % 4 in {0, 2}:
        return f"Sehr geehrte{'r' if person.salutation == 'Herr' else ''} {person.polite},"
    return f"{'Hallo' if habit % 4 == 3 or (position > 2 and habit % 2) else 'Guten Tag'} {person.polite},"


def colleague_greeting(person: Person, position: int) -> str:
    return _AMONG_US[position % 3].format(person.first) + ","


def customer_closing(
    scenario: Scenario, customer: Customer, person: Person, when: datetime, position: int
) -> str:
    """Closing and signature of a customer; shorter when a conversation goes on."""
    closing = _CLOSINGS[(customer.index + position // 2) % len(_CLOSINGS)]
    if when.weekday() == 4 and when.hour >= 13 and customer.index % 2:
        closing = "Schönes Wochenende und viele Grüße"
    if scenario.kind == "auto":
        closing = "Mit freundlichen Grüßen"
    lines = [closing, "", person.name]
    if position < 2 or customer.index % 4 == 0:
        lines += [
            person.function,
            "",
            customer.company,
            customer.street,
            f"{customer.postcode} {customer.city}",
        ]
        lines += [f"Telefon {person.phone}"] if person.phone else []
        lines += [f"Mobil {person.mobile}"] if person.mobile else []
        if customer.index % 3 == 1:
            lines.append(f"www.{customer.domain}")
    else:
        lines += [customer.company]
    return "\n".join(lines)


def house_closing(house: House, person: Person, when: datetime, position: int, to_colleague: bool) -> str:
    """Closing and signature of the rep or a colleague."""
    if to_colleague:
        return f"{_AMONG_US[3 + (position + len(person.last)) % 4]}\n{person.first}"
    closing = _REP_CLOSINGS[(position + when.day) % 4]
    if when.weekday() == 4 and when.hour >= 14:
        closing = "Ein schönes Wochenende und viele Grüße"
    lines = [closing, person.name, "", "-- ", f"{person.name} | {person.function}", house.company]
    lines += [f"{house.street} | {house.city}", f"Tel. {person.phone} | {person.address}"]
    lines += ["Geschäftsführung: Dr. Maren Nordholz"]
    return "\n".join(lines)

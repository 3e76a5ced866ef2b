"""The invented world as the TOML files tell it: the house, its customers, products and scenarios; no dates, no mail."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
SCENARIO_FILES = ("inquiries", "orders", "service", "office", "singles", "internal")

_PHONES = {
    "Berlin": "+49 30 23125 ",
    "Hamburg": "+49 40 66969 ",
    "Frankfurt am Main": "+49 69 90009 ",
    "Köln": "+49 221 4710 ",
    "München": "+49 89 99998 ",
}
_PLAIN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "ı": "i", " ": ""})
_LEGAL_FORMS = (" GmbH", " KG", " AG", " eG", " GbR", " e. V.")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who writes or is written to. `contact`: index among the demo's contacts, or None."""

    salutation: str
    title: str
    first: str
    last: str
    function: str
    address: str
    phone: str
    mobile: str = ""
    contact: int | None = None

    @property
    def name(self) -> str:
        return f"{self.first} {self.last}"

    @property
    def login(self) -> str:
        """Of a colleague: the address without its domain."""
        return self.address.partition("@")[0]

    @property
    def polite(self) -> str:
        """ "Frau Dr. Lohmann", in the nominative."""
        return " ".join(part for part in (self.salutation, self.title, self.last) if part)

    @property
    def polite_object(self) -> str:
        """The same in the accusative: "Herrn Kröger"."""
        return self.polite.replace("Herr ", "Herrn ", 1)


@dataclass(frozen=True, slots=True)
class Customer:
    """A company with one or two people. `index` decides its habits; `known` is False for those without a record."""

    index: int
    company: str
    domain: str
    branch: str
    street: str
    postcode: str
    city: str
    country: str
    number: str
    known: bool
    traits: tuple[str, ...]
    people: tuple[Person, ...]

    @property
    def short(self) -> str:
        """The company without its legal form, as colleagues call it."""
        name = self.company
        for form in _LEGAL_FORMS:
            name = name.removesuffix(form)
        return name


@dataclass(frozen=True, slots=True)
class Part:
    """A spare part; `gender` is m, f or n, `price` is in euro."""

    name: str
    plural: str
    gender: str
    number: str
    price: float


@dataclass(frozen=True, slots=True)
class Family:
    """A family of pumps; `sizes` are (type, price in euro, duty point)."""

    key: str
    name: str
    plural: str
    medium: tuple[str, ...]
    material: str
    sizes: tuple[tuple[str, int, str], ...]
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One mail of a scenario. `by`: customer, customer2, other, rep or a colleague; `after`: hours since the last."""

    by: str
    text: str
    after: float = 0
    to: str = ""
    cc: str = ""
    re: int | None = None
    plain: bool = False
    to_customer: bool = False
    attach: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Scenario:
    """A course of events that happens `uses` times, the last `open` of them still waiting for the rep.

    `lengths`: how many mails each use has. `companies`: to whom each use happens, if not to just anybody who fits.
    """

    id: str
    uses: int
    lengths: tuple[int, ...]
    subject: str
    steps: tuple[Step, ...]
    open: int = 0
    folder: str = ""
    record: str = ""
    title: str = ""
    source: str = ""
    value: str = ""
    step: str = ""
    due: int = 0
    mark: str = ""
    flag: bool = False
    comment: str = ""
    kind: str = ""
    greeting: str = ""
    second: bool = False
    branches: tuple[str, ...] = ()
    families: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    companies: tuple[str, ...] = ()
    sender: tuple[str, ...] = ()
    pick: dict[str, list[str]] = field(default_factory=dict)
    dates: dict[str, int] = field(default_factory=dict)
    event: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class House:
    company: str
    street: str
    city: str
    domain: str
    colleagues: dict[str, Person]
    documents: dict[str, str]

    @property
    def rep(self) -> Person:
        return self.colleagues["rep"]


@dataclass(frozen=True, slots=True)
class Catalogue:
    house: House
    customers: tuple[Customer, ...]
    families: dict[str, Family]
    branches: dict[str, tuple[str, ...]]
    scenarios: tuple[Scenario, ...]
    newsletters: tuple[dict[str, Any], ...]


def read(name: str) -> dict[str, Any]:
    """One of the files beside this module, as it tells the world."""
    return tomllib.loads((HERE / f"{name}.toml").read_text(encoding="utf-8"))


def plain_ascii(text: str) -> str:
    """Lower case without umlauts, for addresses."""
    return text.lower().translate(_PLAIN)


def _local_part(first: str, last: str, habit: int) -> str:
    first, last = plain_ascii(first), plain_ascii(last.removeprefix("von "))
    return (f"{first}.{last}", f"{first[0]}.{last}", last)[habit % 3]


def _house() -> House:
    raw = read("house")
    colleagues = {
        key: Person("", "", first, last, function, f"{local}@{raw['domain']}", raw["phone"] + extension)
        for key, (first, last, function, local, extension) in raw["colleagues"].items()
    }
    return House(raw["company"], raw["street"], raw["city"], raw["domain"], colleagues, raw["documents"])


def _customers() -> tuple[Customer, ...]:
    customers: list[Customer] = []
    contacts = 0
    for index, raw in enumerate(read("customers")["customer"]):
        street, postcode, city = raw["address"]
        known = raw.get("known", True)
        people: list[Person] = []
        for number, (salutation, title, first, last, function) in enumerate(raw["people"]):
            mobile = f"+49 171 39200{(index * 2 + number) % 100:02}"
            landline = f"{_PHONES[city]}{100 + index * 7 + number * 3}" if city in _PHONES else ""
            address = f"{_local_part(first, last, index)}@{raw['domain']}"
            people.append(
                Person(
                    *(salutation, title, first, last, function, address),
                    phone=landline or mobile,
                    mobile=mobile if landline and index % 3 == 0 else "",
                    contact=contacts if known else None,
                )
            )
            contacts += known
        customers.append(
            Customer(
                *(index, raw["company"], raw["domain"], raw["branch"], street, postcode, city),
                country=raw.get("country", "DE"),
                number=raw.get("number", ""),
                known=known,
                traits=tuple(raw.get("traits", ())),
                people=tuple(people),
            )
        )
    return tuple(customers)


def _family(key: str, raw: dict[str, Any]) -> Family:
    return Family(
        *(key, raw["name"], raw["plural"], tuple(raw["medium"]), raw["material"]),
        sizes=tuple((size[0], size[1], size[2]) for size in raw["sizes"]),
        parts=tuple(Part(*part) for part in raw["parts"]),
    )


def _scenario(raw: dict[str, Any]) -> Scenario:
    steps = []
    for step in raw.pop("mail"):
        step["attach"] = tuple(step.get("attach", ()))
        steps.append(Step(**step))
    for key, value in raw.items():
        if isinstance(value, list):
            raw[key] = tuple(value)
    return Scenario(steps=tuple(steps), **raw)


@cache
def catalogue() -> Catalogue:
    """The whole invented world. A wrong key in a TOML file raises TypeError or KeyError here, at once."""
    products = read("products")
    return Catalogue(
        house=_house(),
        customers=_customers(),
        families={key: _family(key, raw) for key, raw in products["family"].items()},
        branches={key: tuple(value) for key, value in products["branches"].items()},
        scenarios=tuple(_scenario(raw) for name in SCENARIO_FILES for raw in read(name)["scenario"]),
        newsletters=tuple(read("newsletters")["sender"]),
    )

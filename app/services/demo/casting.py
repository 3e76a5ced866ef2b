"""Casts a scenario: which customer, product, numbers and prices it is about; writes no mail."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from random import Random

from app.services.demo.catalogue import Catalogue, Customer, Family, Part, Person, Scenario
from app.services.demo.template import euro

_ARTICLES = {
    "m": {"ein": "einen", "der": "der"},
    "f": {"ein": "eine", "der": "die"},
    "n": {"ein": "ein", "der": "das"},
}


@dataclass(frozen=True, slots=True)
class Cast:
    """Who and what one use of a scenario is about. `values` fill the gaps of its texts; `amounts` are in euro."""

    customer: Customer
    person: Person
    second: Person
    family: Family
    part: Part
    values: dict[str, str]
    amounts: dict[str, float]


class Caster:
    """Deals out customers evenly, never the same one twice in a scenario, and numbers that only go up."""

    def __init__(self, catalogue: Catalogue, random: Random, now: datetime) -> None:
        self._catalogue = catalogue
        self._random = random
        self._year = now.year
        self._uses: Counter[int] = Counter()
        self._cast: set[tuple[str, int]] = set()
        self._last = random.randint(1100, 1400)

    def cast(self, scenario: Scenario, use: int) -> Cast:
        customer = self._customer(scenario, use)
        second = len(customer.people) > 1 and not scenario.second and self._random.random() < 0.35
        person = customer.people[1 if second else 0]
        wanted = scenario.families or tuple(self._catalogue.families)
        families = [key for key in self._catalogue.branches[customer.branch] if key in wanted]
        family = self._catalogue.families[self._random.choice(families)]
        size = self._random.choice(family.sizes)
        part = self._random.choice(family.parts)
        values, amounts = self._goods(family, size, part)
        values |= self._people(customer, person) | self._numbers()
        values |= {name: options[use] for name, options in scenario.pick.items()}
        return Cast(customer, person, customer.people[-1], family, part, values, amounts)

    def _customer(self, scenario: Scenario, use: int) -> Customer:
        def fits(customer: Customer) -> bool:
            if scenario.companies:
                return customer.company == scenario.companies[use]
            families = self._catalogue.branches[customer.branch]
            return (
                customer.known
                and (scenario.id, customer.index) not in self._cast
                and (not scenario.branches or customer.branch in scenario.branches)
                and (not scenario.countries or customer.country in scenario.countries)
                and (not scenario.families or any(key in scenario.families for key in families))
                and (not scenario.second or len(customer.people) > 1)
            )

        fitting = [customer for customer in self._catalogue.customers if fits(customer)]
        chosen = min(fitting, key=lambda customer: (self._uses[customer.index], self._random.random()))
        self._uses[chosen.index] += 1
        self._cast.add((scenario.id, chosen.index))
        return chosen

    def _goods(
        self, family: Family, size: tuple[str, int, str], part: Part
    ) -> tuple[dict[str, str], dict[str, float]]:
        kind, price, point = size
        amounts_wanted = (6, 8, 10, 12) if price < 700 else (3, 4, 6, 8) if price < 2500 else (2, 3, 4)
        pumps = self._random.choice(amounts_wanted if price < 6000 else (2, 3))
        parts = self._random.choice((4, 6, 8, 10) if part.price < 200 else (2, 3, 4))
        discount = self._random.choice((3, 4, 5, 6, 8))
        amounts = {
            "preis": float(price),
            "summe": float(price * pumps),
            "netto": round(price * pumps * (100 - discount) / 100, 2),
        }
        article = _ARTICLES[part.gender]
        values = {
            "p": f"{family.name} {kind}",
            "pp": f"{family.plural} {kind}",
            "typ": kind,
            "typfile": kind.replace(" ", "_"),
            "punkt": point,
            "medium": self._random.choice(family.medium),
            "material": family.material,
            "menge": str(pumps),
            "rabatt": str(discount),
            "teil": part.name,
            "teile": part.plural,
            "teile_dativ": part.plural if part.plural[-1] in "ns" else f"{part.plural}n",
            "teilnr": part.number,
            "teilmenge": str(parts),
            "teilpreis": euro(part.price),
            "teilsumme": euro(part.price * parts),
            "einteil": f"{article['ein']} {part.name}",
            "derteil": f"{article['der']} {part.name}",
            "derteil_gross": f"{article['der'].capitalize()} {part.name}",
        }
        return values | {name: euro(amount) for name, amount in amounts.items()}, amounts

    def _people(self, customer: Customer, person: Person) -> dict[str, str]:
        return {
            "firma": customer.company,
            "kurz": customer.short,
            "strasse": customer.street,
            "plz": customer.postcode,
            "stadt": customer.city,
            "kdnr": customer.number,
            "herr": person.polite,
            "herrnakk": person.polite_object,
            "telefon": person.phone,
        }

    def _numbers(self) -> dict[str, str]:
        self._last += self._random.randint(2, 9)
        number, year = self._last, self._year
        return {
            "angebot": f"A{year % 100}-{number}",
            "auftrag": f"AB-{number + 40210}",
            "auftrag_nr": str(number + 40210),
            "rechnung": f"{year}-{number - 700:04}",
            "bestellung": str(4500080000 + number * 7 + self._random.randint(0, 6)),
            "lieferschein": f"L{number + 61800}",
            "sendung": f"ET{number * 9173 % 10**8:08}",
            "snr": str(self._random.randint(120000, 389999)),
            "planjahr": str(year + 1),
        }

"""What the attachments of a story say: offers, lists, invitations, cards; how they are encoded is for `attachments`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from random import Random
from typing import Any
from zlib import crc32

from app.domain.mail.messages import Address
from app.services.demo import attachments
from app.services.demo.casting import Cast
from app.services.demo.catalogue import Catalogue, plain_ascii
from app.services.demo.mime import Attachment
from app.services.demo.template import euro, fill
from app.services.demo.times import german_time


@dataclass(frozen=True, slots=True)
class Desk:
    """Where a letter's papers are made: who writes to whom, when, and about what."""

    catalogue: Catalogue
    random: Random
    cast: Cast
    days: Mapping[str, date]
    event: Mapping[str, Any]
    written: datetime
    people: tuple[Address, ...]

    def paper(self, order: str) -> Attachment:
        """The document of an order such as `pdf:Angebot_{angebot}.pdf`."""
        kind, name = order.split(":", 1)
        name = self._filled(name)
        if kind == "pdf":
            return attachments.pdf(name, self._page(name))
        if kind == "png":
            return attachments.png(name, self.random)
        if kind == "csv":
            charset = "windows-1252" if self.cast.customer.index % 2 else "utf-8"
            return attachments.table(name, self._rows(name), charset)
        if kind == "ics":
            return self._invitation(name)
        if kind == "vcf":
            return self._card(name)
        text = self.catalogue.house.documents[name.removesuffix(".txt")]
        return Attachment(name, "text/plain", text.encode(), "; charset=utf-8")

    def _filled(self, text: str) -> str:
        return fill(text, self.cast.values, self.days, self.written.date())

    def _page(self, name: str) -> list[str]:
        values, house = self.cast.values, self.catalogue.house
        lines = [
            name.removesuffix(".pdf").replace("_", " "),
            "",
            f"{house.company}, {house.street}, {house.city}",
        ]
        lines += [values["firma"], f"{values['strasse']}, {values['plz']} {values['stadt']}", ""]
        lines += [f"{self.written:%d.%m.%Y}", "", f"{values['menge']} x {values['p']}", values["punkt"]]
        if name.startswith(("Angebot", "Auftrag", "Bestellung", "Rechnung", "Handelsrechnung")):
            lines += ["", f"Einzelpreis {values['preis']}", f"Summe netto {values['summe']}"]
        return lines

    def _rows(self, name: str) -> list[list[str]]:
        if name.startswith(("Offene", "Avis")):
            number = int(self.cast.values["rechnung"].partition("-")[2])
            amounts = [f"{self.random.randint(180, 9800)},{self.random.randint(0, 99):02}" for _ in range(3)]
            rows = [
                [f"{self.written.year}-{number + 3 * i:04}", self.cast.values["firma"], amounts[i]]
                for i in range(3)
            ]
            return [["Rechnung", "Kunde", "Betrag"], *rows]
        if name.startswith("Preisliste_Motoren"):
            return [
                ["Baugröße", "kW", "Preis"],
                *([str(size), kw, f"{size * 4 - 131},00"] for size, kw in _MOTORS),
            ]
        rows = []
        for family in (self.cast.family, *list(self.catalogue.families.values())[:2]):
            for part in family.parts:
                amount = str(self.random.randint(1, 24))
                rows.append(
                    [part.number, f"{part.name} {family.key}", amount, euro(part.price).removesuffix(" €")]
                )
        return [["Artikel", "Bezeichnung", "Menge", "Preis"], *rows]

    def _invitation(self, name: str) -> Attachment:
        event, day = self.event, self.days[self.event["date"]]
        offset = german_time(datetime(day.year, day.month, day.day, 12, tzinfo=self.written.tzinfo)).tzinfo
        start = datetime(day.year, day.month, day.day, event["hour"], tzinfo=offset)
        uid = f"{crc32(f'{start}{self.people}'.encode()):08x}@{self.people[0].address.rpartition('@')[2]}"
        texts = (self._filled(event["title"]), self._filled(event["place"]))
        return attachments.invitation(
            name, uid, self.written, start, event["minutes"], texts, list(self.people)
        )

    def _card(self, name: str) -> Attachment:
        """The card of the successor named in the scenario as `salutation;;first;last`."""
        _, _, first, last = self.cast.values["vcf"].split(";")
        customer = self.cast.customer
        address = f"{first[0].lower()}.{plain_ascii(last)}@{customer.domain}"
        phone = f"{customer.people[0].phone[:-1]}9"
        return attachments.card(name, (first, last), customer.company, "Einkauf", address, phone)


_MOTORS = ((80, "0,75"), (90, "1,5"), (100, "2,2"), (112, "4"), (132, "7,5"), (160, "15"))

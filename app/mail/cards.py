"""Visiting cards (vCard: RFC 6350, also 2.1 and 3.0) as lines to read and as people; nothing is stored or merged here.

They are read by hand: vobject takes exponential time on a line of 70 hostile bytes.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from app.domain.mail.addresses import is_address
from app.domain.mail.cards import Card, PersonName
from app.domain.mail.signature import MOBILE, person_name
from app.domain.text import clean_line
from app.language import _, ngettext
from app.mail.mime.charset import decode_text

#: Characters of a file that are read; of these, a picture in the card may be the most.
MAX_TEXT = 3_000_000
#: Cards of a file, lines of a card, and characters of a line that are shown.
MOST_CARDS, MOST_LINES, LONGEST = 50, 60, 500
#: E-mail addresses, and numbers, that go into a contact, and characters of a number.
MOST_ADDRESSES, LONGEST_NUMBER = 10, 60
_UNFOLD = re.compile(r"\r?\n[ \t]")
_ESCAPED = re.compile(r"\\([\\,;:nN])")
_SHOWN = ("TITLE", "ORG", "EMAIL", "TEL", "ADR", "URL", "BDAY", "NOTE")
_READ = frozenset({"BEGIN", "END", "FN", "N", *_SHOWN})


@dataclass(frozen=True, slots=True)
class CardFile:
    """`lines`: a line for each entry, with an empty line between people. `total`: how many cards there are; `people` and
    `lines` hold the first of them. `is_cut`: the file goes on after the part that is read."""

    lines: list[str]
    people: tuple[Card, ...]
    total: int
    is_cut: bool


@dataclass(frozen=True, slots=True)
class _Entry:
    """An entry without its group (RFC 6350 section 3.3). `types`: its parameters and their values, in capitals."""

    name: str
    types: frozenset[str]
    parts: list[str]

    @property
    def text(self) -> str:
        """The parts that hold something, side by side."""
        return ", ".join(part for part in self.parts if part)

    def part(self, place: int) -> str:
        return self.parts[place] if place < len(self.parts) else ""


@dataclass(slots=True)
class _Person:
    """A card while it is read; holds no more than is shown or goes into a contact."""

    names: dict[str, _Entry] = field(default_factory=dict)
    entries: list[_Entry] = field(default_factory=list)
    emails: list[str] = field(default_factory=list)
    phones: list[tuple[str, str]] = field(default_factory=list)
    address: _Entry | None = None
    more: int = 0
    left_out: int = 0

    def take(self, entry: _Entry) -> None:
        """Keep an entry, or count it."""
        if not entry.text:
            return
        if entry.name in ("FN", "N"):
            self.names.setdefault(entry.name, entry)
            return
        if len(self.entries) == MOST_LINES:
            self.more += 1
            self.left_out += entry.name in ("EMAIL", "TEL")
            return
        self.entries.append(entry)
        match entry.name:
            case "EMAIL":
                self._take_email(entry)
            case "TEL" if "FAX" not in entry.types:
                self._take_phone(entry)
            case "ADR" if self.address is None or "WORK" in entry.types - self.address.types:
                self.address = entry
            case "ORG" | "TITLE":
                self.names.setdefault(entry.name, entry)

    def _take_email(self, entry: _Entry) -> None:
        address = entry.part(0).lower().removeprefix("mailto:")
        if address in self.emails:
            return
        if len(self.emails) == MOST_ADDRESSES:
            self.left_out += 1
        elif is_address(address):
            self.emails.insert(0 if "PREF" in entry.types else len(self.emails), address)

    def _take_phone(self, entry: _Entry) -> None:
        number = " ".join(entry.part(0).removeprefix("tel:").replace(",", " ").split())
        phone = number, MOBILE if "CELL" in entry.types else ""
        usable = len(number) <= LONGEST_NUMBER and any(char.isdigit() for char in number)
        if not usable or phone in self.phones:
            return
        if len(self.phones) == MOST_ADDRESSES:
            self.left_out += 1
        else:
            self.phones.insert(0 if "PREF" in entry.types else len(self.phones), phone)

    # -- what becomes of it

    def lines(self) -> Iterator[str]:
        """Name and entries, as they are read."""
        labels = dict(
            zip(
                _SHOWN,
                (
                    *(_("Position"), _("Company"), _("E-mail"), _("Phone"), _("Address")),
                    *(_("Website"), _("Birthday"), _("Note")),
                ),
                strict=True,
            )
        )
        name = self.names.get("FN") or self.names.get("N")
        yield _short(name.text) if name else _("Without a name")
        for entry in self.entries:
            yield f"{labels[entry.name]}: {_short(entry.text)}"
        if self.more:
            yield ngettext("{n} more entry", "{n} more entries", self.more).format(n=self.more)

    def card(self) -> Card:
        """As a person."""
        company = self._text("ORG")
        name = self._name(company)
        where = self.address or _Entry("ADR", frozenset(), [])
        street = ", ".join(filter(None, (where.part(2) or where.part(0), where.part(1))))
        return Card(
            name,
            company or name.company,
            tuple(self.phones),
            street=street,
            postal_code=where.part(5),
            city=where.part(3),
            country=where.part(6),
            emails=tuple(self.emails),
            position=self._text("TITLE"),
            left_out=self.left_out,
        )

    def _text(self, name: str) -> str:
        return self.names[name].part(0) if name in self.names else ""

    def _name(self, company: str) -> PersonName:
        taken, whole = self.names.get("N"), self._text("FN")
        if taken is None or not any(taken.parts[:3]):
            return person_name(whole) if whole != company else PersonName()
        last, first, more, prefix = (taken.part(place) for place in range(4))
        if not first and last in (company, ""):
            return PersonName(first_name=more)
        spoken = person_name(f"{prefix} {last}") if prefix else PersonName()
        title = spoken.title or ("" if spoken.salutation else prefix)
        return PersonName(spoken.salutation, title, f"{first} {more}".strip(), last)


def read_cards(text: str) -> CardFile:
    """The people of a vCard file. Whatever the file holds, this takes time and room in proportion to its length."""
    people: list[_Person] = []
    total = 0
    open_cards: list[
        _Person | None
    ] = []  # a card may hold another one (vCard 2.1: AGENT); None: it is only counted
    for entry in _entries(text[:MAX_TEXT]):
        if entry.name in ("BEGIN", "END"):
            if entry.text.upper() != "VCARD":
                continue
            if entry.name == "END":
                del open_cards[-1:]
                continue
            total += 1
            person = _Person() if total <= MOST_CARDS else None
            open_cards.append(person)
            people += [person] if person else []
        elif open_cards and (here := open_cards[-1]) is not None:
            here.take(entry)
    lines = [line for person in people for line in (*person.lines(), "")]
    return CardFile(lines, tuple(person.card() for person in people), total, len(text) > MAX_TEXT)


def _entries(text: str) -> Iterator[_Entry]:
    """The entries that are read, one after another."""
    lines = iter(_UNFOLD.sub("", text).splitlines())
    for line in lines:
        head, value = _cut(line)
        group_and_name, *parameters = head.upper().split(";")
        name = group_and_name.rpartition(".")[2]
        if name not in _READ:
            continue
        types = frozenset(word.strip('"') for each in parameters for word in re.split("[=,]", each))
        if "QUOTED-PRINTABLE" in types:
            value = _quoted(value, lines, parameters)
        yield _Entry(name, types, _parts(value))


def _quoted(value: str, lines: Iterator[str], parameters: Sequence[str]) -> str:
    """A value in quoted-printable, with the lines that go on with it (vCard 2.1 section 2.1.3)."""
    pieces = [value]
    while pieces[-1].endswith("="):
        pieces.append(next(lines, ""))
    charset = next((each[8:] for each in parameters if each.startswith("CHARSET=")), "utf-8")
    return decode_text(binascii.a2b_qp("\n".join(pieces).encode("utf-8", "replace")), charset)[0]


def _cut(line: str) -> tuple[str, str]:
    """A line before and after its first colon outside of quotes; two empty texts if there is none."""
    quoted = False
    for place, char in enumerate(line[:2000]):
        if char == '"':
            quoted = not quoted
        elif char == ":" and not quoted:
            return line[:place], line[place + 1 :]
    return "", ""


def _parts(value: str) -> list[str]:
    """The components of a value, cleaned."""
    parts = re.split(r"(?<!\\);", value[: 20 * LONGEST])[:20]
    return [clean_line(_ESCAPED.sub(_unescaped, part)).strip() for part in parts]


def _unescaped(found: re.Match[str]) -> str:
    return " " if found[1] in "nN" else found[1]


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"

"""Reads who wrote a mail out of their displayed name and signature: name, company, phones, postal address. It guesses,
for a form that a person looks over; what it is not sure of it leaves out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from app.domain.crm.naming import LEGAL_FORMS, domain_of, is_freemail, words
from app.domain.mail.cards import Card, PersonName
from app.domain.mail.messages import Address
from app.domain.text import clean_block, clean_line

MOST_PHONES = 4
#: How a number is called that reaches a mobile phone.
MOBILE = "mobil"
_SIGNATURE_LINES = 25
_LONGEST = 80
_LONGEST_LINE = 300
_LONGEST_TEXT = 20_000

_TITLES = re.compile(
    r"((?:(?:Prof|Dr|Mag|Ing|Dipl|med|jur|phil|rer|nat|oec|pol|h|c)\b[.-]*(?:(?:Ing|Kfm|Kff|Inf|Wirt|Betriebsw|Phys)\b\.?)?\s*"
    r"(?:\((?:FH|TU|BA)\)\s*)?)+)(?=\S)",
    re.IGNORECASE,
)
_FORM = re.compile(
    r"(?<![\w.-])(?:g?GmbH|mbH|AG|SE|KGaA|KG|OHG|UG|GbR|e\.\s?G\.|eG|e\.\s?K(?:fm|fr)?\.|e\.\s?V\.|PartG(?:mbB)?|"
    r"Inc\.?|Ltd\.?|LLC|S\.?A\.?R\.?L\.?|S\.?A\.|B\.?V\.|S\.?p\.?A\.|S\.?r\.?l\.|AB|A/S|ApS)(?![\w-])"
)
_NO_COMPANY_LINE = re.compile(
    r"amtsgericht|registergericht|handelsregister|\bhr[ab]\b|geschäftsf|vorstand|aufsichtsrat|sitz der|ust|steuer|iban|"
    r"\bbic\b|konto|www\.|https?:|@",
    re.IGNORECASE,
)
_GREETING = re.compile(
    r"^\W*(?:mit (?:freundlich|best|herzlich|kollegial)\w* gr|(?:viele|beste|liebe|freundliche|schöne|herzliche|sonnige) gr|"
    r"gru(?:ß|ss)\b|grüße|mfg\b|vg\b|lg\b|(?:best|kind|warm|many)? ?regards|sincerely|cheers|best wishes)",
    re.IGNORECASE,
)
_PHONE = re.compile(
    r"(?:(?P<label>\b(?:tele?fon(?:nummer)?|tel|fon|phone|durchwahl|zentrale|büro|office|direkt|mobil(?:telefon)?|mobile|"
    r"handy|cell|telefax|fax|[tmf]))(?P<dots>[.:]|\b)[.:\s]*)?(?<![\w+/.-])(?P<number>(?:\+|00?)[1-9(][\d\s()/.–-]{5,22}\d)(?!\w)",
    re.IGNORECASE,
)
_NO_PHONE_LINE = re.compile(
    r"iban|\bbic\b|konto|blz|hr[ab]\b|ust|steuer|vat\b|kunden|rechnung", re.IGNORECASE
)
_MOBILE = re.compile(r"(?:\+49|0049|0)\s*\(?0?\)?\s*1[567]")
_PLACE = re.compile(
    r"(?:^|[,|·•]\s*|\s)(?:(?:(?P<country>D|DE|A|AT|CH)[-\s])?(?P<code>\d{5})|(?P<abroad>A|AT|CH)[-\s](?P<short>\d{4}))\s+"
    r"(?P<city>[A-ZÄÖÜ][A-Za-zÄÖÜäöüß.()/ -]{1,40})"
)
_STREET = re.compile(
    r"[A-ZÄÖÜ][\w.ßäöüÄÖÜ' -]{2,50}?\s?\d{1,4}\s?[a-zA-Z]?(?:\s?[-/+]\s?\d{1,4}\s?[a-zA-Z]?)?"
)
_SEGMENT = re.compile(r"\s*(?:[|·•]|\s[-–/]\s|,\s)\s*")
_COUNTRIES = {"D": "DE", "DE": "DE", "A": "AT", "AT": "AT", "CH": "CH"}
_DEPARTMENTS = (
    "info einkauf vertrieb verkauf service office buchhaltung support team noreply kontakt contact sales hallo mail post"
    " bestellung bestellungen rechnung rechnungen newsletter zentrale sekretariat bewerbung personal marketing shop"
    " reply verwaltung empfang administrator admin webmaster dispo disposition versand lager technik"
)
#: Words of a displayed name or an address that name no person.
NO_PERSON = frozenset(_DEPARTMENTS.split())
_PARTICLES = frozenset(
    (
        "von",
        "van",
        "zu",
        "zur",
        "zum",
        "vom",
        "de",
        "del",
        "della",
        "di",
        "da",
        "la",
        "le",
        "den",
        "der",
        "ten",
    )
)


def person_name(text: str, address: str = "") -> PersonName:
    """A displayed name such as "Dr. Silke Berger", "Berger, Silke (Vogel GmbH)" or "Vogel GmbH"; without one, what the
    address tells ("silke.berger@…")."""
    text = clean_line(text).strip().strip("'\"").strip()
    if not text or "@" in text:
        return _from_address(address)
    text, company = _without_company(text)
    salutation = ""
    if found := re.match(r"(Herrn?|Frau|Mr\.?|Mrs\.?|Ms\.?)\s+(?=\S)", text):
        salutation = {"Herr": "Herr", "Herrn": "Herr", "Frau": "Frau"}.get(found[1], "")
        text = text[found.end() :]
    title = ""
    if found := _TITLES.match(text):
        title, text = found[1].strip(), text[found.end() :]
    last, comma, first = (part.strip() for part in text.partition(","))
    if comma and (
        set(words(first)) & NO_PERSON or (" " in last and not set(last.lower().split()) & _PARTICLES)
    ):
        text, comma = last, ""  # what stands behind the comma is a department or function
    if set(words(text)) & NO_PERSON:
        return PersonName(company=company or text)
    if not comma:
        first, last = _split(text)
    elif found := _TITLES.match(first):
        title, first = found[1].strip(), first[found.end() :]
    return PersonName(salutation, title, first, last, company)


def _without_company(text: str) -> tuple[str, str]:
    """A displayed name without the company in or behind it, and the company."""
    if found := re.fullmatch(r"(.+?)\s*[(\[]([^()\[\]]+)[)\]]", text):
        return found[1], found[2].strip()
    parts = [
        part.strip()
        for part in re.split(
            r"\s+[|·•/–-]\s+|,\s+|\s+(?:von|c/o|bei|via|@)\s+(?=.*" + _FORM.pattern + ")", text
        )
    ]
    for part in parts:
        if _FORM.search(part):
            return ", ".join(other for other in parts if other is not part), part
    if len(parts) == 2 and "," not in text:
        return parts[0], parts[1]
    return text, ""


def _split(text: str) -> tuple[str, str]:
    """First and last name of a name in its usual order."""
    parts = text.split()
    if len(parts) < 2:
        return "", text
    for place, part in enumerate(parts[1:-1], 1):
        if part.lower() in _PARTICLES:
            return " ".join(parts[:place]), " ".join(parts[place:])
    return " ".join(parts[:-1]), parts[-1]


def _from_address(address: str) -> PersonName:
    parts = [part for part in re.split(r"[._]", address.partition("@")[0]) if part]
    if len(parts) != 2 or not all(part.isalpha() for part in parts) or set(parts) & NO_PERSON:
        return PersonName()
    first, last = (part.capitalize() for part in parts)
    return PersonName(first_name=first if len(first) > 1 else f"{first}.", last_name=last)


def read_card(author: Address, text: str, signature: str = "") -> Card:
    """What a mail tells about its author. `text`: what they wrote themselves, without quotes; `signature`: below it, if
    it is known to be one; else it is what follows the greeting."""
    name = person_name(author.name, author.address)
    below = clean_block(signature[:_LONGEST_TEXT] or _below_greeting(text[-_LONGEST_TEXT:]))
    lines = [line.strip()[:_LONGEST_LINE] for line in below.split("\n")]
    lines = [line for line in lines if line][:_SIGNATURE_LINES]
    company = name.company or next(_companies(lines), "")
    street, code, city, country = _place(lines)
    if not company and name.last_name and not is_freemail(domain_of(author.address)):
        company = _company_like_domain(lines, author.address)
    return Card(name, company[:_LONGEST], tuple(_phones(lines))[:MOST_PHONES], street, code, city, country)


def _below_greeting(text: str) -> str:
    lines = text.rstrip().split("\n")
    for number in range(len(lines) - 1, -1, -1):
        if _GREETING.match(lines[number]) and len(lines[number]) < _LONGEST:
            return "\n".join(lines[number + 1 :])
    return ""


def _companies(lines: list[str]) -> Iterator[str]:
    for line in lines:
        for segment in re.split(r"\s*[|·•]\s*|,\s+", line):
            if len(segment) <= _LONGEST and _FORM.search(segment) and not _NO_COMPANY_LINE.search(line):
                yield segment.strip(" .,;")


def _company_like_domain(lines: list[str], address: str) -> str:
    """A line whose first word is the name in the domain: "Vogel Maschinenbau" of vogel-maschinenbau.example."""
    label = "".join(words(domain_of(address).rpartition(".")[0].rpartition(".")[2]))
    for line in lines[1:]:
        found = words(line)
        core = "".join(word for word in found if word not in LEGAL_FORMS)
        if (
            0 < len(found) <= 6
            and len(label) >= 4
            and (core == label or found[0] == label)
            and "@" not in line
        ):
            return "" if _NO_COMPANY_LINE.search(line) else line
    return ""


def _phones(lines: list[str]) -> Iterator[tuple[str, str]]:
    seen: set[str] = set()
    for line in lines:
        if _NO_PHONE_LINE.search(line):
            continue
        for found in _PHONE.finditer(line):
            label, number = (found["label"] or "").lower(), " ".join(found["number"].split())
            digits = re.sub(r"\D", "", number)
            if (
                label.startswith(("fax", "telefax"))
                or label == "f"
                or not 7 <= len(digits) <= 15
                or digits in seen
            ):
                continue
            seen.add(digits)
            mobile = label.startswith(("mobil", "handy", "cell")) or label == "m" or _MOBILE.match(number)
            yield number, MOBILE if mobile else ""


def _place(lines: list[str]) -> tuple[str, str, str, str]:
    """(street, postal code, city, country) of the first line with a postal code."""
    for number, line in enumerate(lines):
        found = _PLACE.search(line)
        if found is None:
            continue
        country = _COUNTRIES.get(found["country"] or found["abroad"] or "", "")
        before = [
            *_SEGMENT.split(line[: found.start()]),
            *([] if number == 0 else _SEGMENT.split(lines[number - 1])),
        ]
        street = next((part.strip() for part in before if _STREET.fullmatch(part.strip())), "")
        return street, found["code"] or found["short"], found["city"].strip(" .-/("), country
    return "", "", "", ""

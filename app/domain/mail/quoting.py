"""How an answer is put together from the mail it answers: subject, quote, signature; pure text, no addresses."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, tzinfo
from enum import StrEnum
from typing import Literal

from app.domain.mail.messages import Address
from app.domain.text import cell_width, clean_block, clean_line

Language = Literal["de", "en"]

QUOTE_WIDTH = 76  # cells of a quoted line with its signs; an answer to the answer still fits into 80
_NARROWEST = 30  # cells for words, however deep the quote

SIGNATURE_LINE = "-- "  # RFC 3676 section 4.3, with its space

# Chains such as "Re: AW: Re[2]: " or "WG: Fwd: "; Lotus Notes writes Antwort and Wtrlt, Outlook AW and WG.
_COUNTER = r"(?:\s?[\[(]\d{1,3}[\])]|\^\d{1,3})?"
_PREFIX = re.compile(rf"\s*(?:re|aw|antw|antwort|fw|fwd|wg|wtr|wtrlt){_COUNTER}\s*[:：]", re.IGNORECASE)

_QUOTED = re.compile(r"(?:> ?)+")
_TOKEN = re.compile(r"\s*\S+")
_TABLE_ROW = re.compile(r"\S {3,}\S")

REPLY_PREFIX: dict[Language, str] = {"de": "AW:", "en": "Re:"}
FORWARD_PREFIX: dict[Language, str] = {"de": "WG:", "en": "Fwd:"}
_FORWARDED: dict[Language, str] = {
    "de": "---------- Weitergeleitete Nachricht ----------",
    "en": "---------- Forwarded message ----------",
}


def base_subject(subject: str) -> str:
    """The subject without any chain of answer and forward prefixes, German or English, as one clean line."""
    subject = clean_line(subject)
    while found := _PREFIX.match(subject):
        subject = subject[found.end() :]
    return subject.strip()


def reply_subject(subject: str, language: Language) -> str:
    return f"{REPLY_PREFIX[language]} {base_subject(subject)}".strip()


def forward_subject(subject: str, language: Language) -> str:
    return f"{FORWARD_PREFIX[language]} {base_subject(subject)}".strip()


def quote(text: str) -> str:
    """The text one level deeper (RFC 3676 section 4.5); the author's signature and outer blank lines are left out."""
    lines = clean_block(text).split("\n")
    for number, line in enumerate(lines):
        if line == SIGNATURE_LINE:
            lines = lines[:number]
            break
    while lines and not lines[-1].strip():
        lines.pop()
    while lines and not lines[0].strip():
        lines.pop(0)
    return "\n".join(quoted for line in lines for quoted in _deeper(line))


def _deeper(line: str) -> list[str]:
    """One line as one or more lines of the next level: each carries its signs, so that no screen breaks it without."""
    before = _QUOTED.match(line)
    level = 1 + (before.group().count(">") if before else 0)
    words, signs = line[before.end() :] if before else line, ">" * level
    if not words.strip():
        return [signs]
    return [f"{signs} {piece}" for piece in _wrapped(words, max(QUOTE_WIDTH - level - 1, _NARROWEST))]


def _wrapped(line: str, width: int) -> list[str]:
    """A line broken between words. Words are never broken, so that addresses stay whole, nor are rows of a table; and no
    piece begins like a quote."""
    if cell_width(line) <= width or _TABLE_ROW.search(line):
        return [line]
    pieces, used = [""], 0
    for token in _TOKEN.findall(line):
        word = token.lstrip()
        if used and used + cell_width(token) > width and not word.startswith(">"):
            pieces.append(word)
            used = cell_width(word)
        else:
            pieces[-1] += token
            used += cell_width(token)
    return pieces


def attribution(sender: Address, date: datetime | None, language: Language, zone: tzinfo) -> str:
    """The line above a quote: "Am 20.11.2026 um 09:41 schrieb Silke Berger:"."""
    who = clean_line(sender.name).strip() or clean_line(sender.address).strip() or "?"
    if date is None:
        return f"{who} schrieb:" if language == "de" else f"{who} wrote:"
    local = date.astimezone(zone)
    if language == "de":
        return f"Am {local:%d.%m.%Y} um {local:%H:%M} schrieb {who}:"
    return f"On {local:%Y-%m-%d} at {local:%H:%M}, {who} wrote:"


def signature_block(signature: str) -> str:
    """The signature below its separator, or nothing."""
    signature = signature.strip("\n")
    return f"{SIGNATURE_LINE}\n{signature}" if signature.strip() else ""


def forwarded_block(fields: list[tuple[str, str]], text: str, language: Language) -> str:
    """A forwarded mail as text: separator, the fields that are not empty, and the body as it was, unquoted."""
    head = [f"{name}: {clean_line(value)}" for name, value in fields if value.strip()]
    return "\n".join([_FORWARDED[language], *head, "", clean_block(text).strip("\n")])


class Part(StrEnum):
    """Who wrote a stretch of a body: the author now, the author's signature, or somebody else before."""

    OWN = "own"
    SIGNATURE = "signature"
    QUOTE = "quote"
    FORWARDED = "forwarded"


@dataclass(frozen=True, slots=True)
class Stretch:
    part: Part
    text: str


def stretches(body: str) -> list[Stretch]:
    """A body cut into what its author wrote and what not. The texts joined by line breaks give the body again.

    Quotes are lines that start with `>`; a signature reaches to the next quote (with its attribution line) or
    forwarded mail, a forwarded mail to the end.
    """
    lines = body.split("\n")
    parts: list[Part] = []
    now = Part.OWN
    for number, line in enumerate(lines):
        if now is Part.FORWARDED or line in _FORWARDED.values():
            now = Part.FORWARDED
        elif line.startswith(">"):
            now = Part.QUOTE
        elif now is Part.SIGNATURE:
            now = Part.OWN if _introduces_quote(lines, number) else Part.SIGNATURE
        else:
            now = Part.SIGNATURE if line == SIGNATURE_LINE else Part.OWN
        parts.append(now)
    cut: list[Stretch] = []
    start = 0
    for number in range(1, len(lines) + 1):
        if number == len(lines) or parts[number] is not parts[start]:
            cut.append(Stretch(parts[start], "\n".join(lines[start:number])))
            start = number
    return cut


def _introduces_quote(lines: list[str], number: int) -> bool:
    below = lines[number + 1] if number + 1 < len(lines) else ""
    return below.startswith(">") and lines[number].rstrip().endswith(":")


def own_text(body: str) -> str:
    """Only what the author wrote now: no quotes, no signature, no forwarded mail."""
    return "\n".join(stretch.text for stretch in stretches(body) if stretch.part is Part.OWN)


def own_words(body: str) -> str:
    """`own_text` without the lines that introduce a quote; empty when the author wrote nothing."""
    lines = body.split("\n")
    kept = [line for number, line in enumerate(lines) if not _introduces_quote(lines, number)]
    return own_text("\n".join(kept)).strip()

"""Amounts of euros as a rep types and reads them, in the German notation; kept as whole cents."""

from __future__ import annotations

import re

from app.language import _

#: More than any deal, less than what a database's 64-bit integer holds.
MOST_CENTS = 10**15

_SIGNS = re.compile(r"(?:€|eur|euro)", re.IGNORECASE)
_GERMAN = re.compile(r"(?P<whole>\d+|\d{1,3}(?:\.\d{3})+)(?:,(?P<cents>\d{1,2}|-{1,2}))?")
_ENGLISH = re.compile(r"(?P<whole>\d+|\d{1,3}(?:,\d{3}){2,}|\d{1,3},\d{3}(?=\.\d))(?:\.(?P<cents>\d{1,2}))?")


def parse_euros(text: str) -> int:
    """Cents of "12.500,00", "12500", "12 500 €", "12.500,-" and "12,500.00". Raises ValueError, saying what is expected.

    A single point or comma before three digits is the German reading: "12.500" is twelve thousand five hundred, and
    "12,500" is refused rather than guessed.
    """
    plain = re.sub(r"[\s'’]", "", _SIGNS.sub("", text))
    found = _GERMAN.fullmatch(plain) or _ENGLISH.fullmatch(plain)
    if found is None:
        raise ValueError(_("“{text}” is no amount such as 12.500,00").format(text=text[:40]))
    cents = (found["cents"] or "").replace("-", "")
    amount = int(re.sub(r"[.,]", "", found["whole"])) * 100 + int(cents.ljust(2, "0") or 0)
    if amount > MOST_CENTS:
        raise ValueError(_("the amount is too large"))
    return amount


def format_euros(cents: int) -> str:
    """ "12.500 €", or "12.500,50 €" when there are cents."""
    whole, rest = divmod(abs(cents), 100)
    grouped = f"{whole:,}".replace(",", ".")
    return f"{'-' if cents < 0 else ''}{grouped}{f',{rest:02}' if rest else ''} €"

"""Amounts of euros as a rep types and reads them, in the notation of the rep's language; kept as whole cents."""

from __future__ import annotations

import re
from functools import cache

from app.language import _

#: More than any deal, less than what a database's 64-bit integer holds.
MOST_CENTS = 10**15

_SIGNS = re.compile(r"(?:€|eur|euro)", re.IGNORECASE)


def parse_euros(text: str) -> int:
    """Cents of "12.500,00", "12500", "12 500 €", "12.500,-" and "12,500.00". Raises ValueError, saying what is expected.

    A single point or comma before three digits is read as the rep's language writes thousands: in German "12.500" is twelve
    thousand five hundred, in English "12,500" is; the other one could mean two things and is refused rather than guessed.
    """
    plain = re.sub(r"[\s'’]", "", _SIGNS.sub("", text))
    thousands, point = _marks()
    unsigned = plain.lstrip("-−")
    found = _own(thousands, point).fullmatch(unsigned) or _foreign(point, thousands).fullmatch(unsigned)
    if found is None:
        raise ValueError(_("“{text}” is no amount such as 12,500.00").format(text=text[:40]))
    if unsigned != plain:
        raise ValueError(_("must not be negative"))
    cents = (found["cents"] or "").replace("-", "")
    whole = re.sub(r"[.,]", "", found["whole"]).lstrip("0") or "0"
    if len(whole) > len(str(MOST_CENTS)):  # Python reads no number of more than some thousand digits
        raise ValueError(_("the amount is too large"))
    amount = int(whole) * 100 + int(cents.ljust(2, "0") or 0)
    if amount > MOST_CENTS:
        raise ValueError(_("the amount is too large"))
    return amount


def format_euros(cents: int) -> str:
    """ "12.500 €", or "12.500,50 €" when there are cents; "12,500.50 €" in English."""
    thousands, point = _marks()
    whole, rest = divmod(abs(cents), 100)
    grouped = f"{whole:,}".replace(",", thousands)
    return f"{'-' if cents < 0 else ''}{grouped}{f'{point}{rest:02}' if rest else ''} €"


def _marks() -> tuple[str, str]:
    """What the rep's language puts between thousands, and before cents."""
    thousands = _("1,000")[1]
    return thousands, "." if thousands == "," else ","


@cache
def _own(thousands: str, point: str) -> re.Pattern[str]:
    """Amounts in the notation of the language."""
    group, point = re.escape(thousands), re.escape(point)
    return re.compile(
        rf"(?P<whole>\d+|\d{{1,3}}(?:{group}\d{{3}})+)(?:{point}(?P<cents>\d{{1,2}}|-{{1,2}}))?"
    )


@cache
def _foreign(thousands: str, point: str) -> re.Pattern[str]:
    """Amounts in the other notation that can mean nothing else."""
    group, point = re.escape(thousands), re.escape(point)
    whole = rf"\d+|\d{{1,3}}(?:{group}\d{{3}}){{2,}}|\d{{1,3}}{group}\d{{3}}(?={point}[\d-])"
    return re.compile(rf"(?P<whole>{whole})(?:{point}(?P<cents>\d{{1,2}}|-{{1,2}}))?")

"""From a text with wordings that take turns and gaps to one that reads as if written; no greetings, no mail."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta
from zlib import crc32

_CHOICE = re.compile(r"\[([^\[\]]*)\]")
_GAP = re.compile(r"\{([+-]?\w+)(?:\.(\w+))?\}")
_TWO_DOTS = re.compile(r"(\d{1,2}\.\d{1,2}\.)\.(?=\s|$)")

MONTHS = [
    "Januar",
    "Februar",
    "März",
    "April",
    "Mai",
    "Juni",
    "Juli",
    "August",
    "September",
    "Oktober",
    "November",
    "Dezember",
]
DAYS = ["Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"]


def choose(text: str, turn: int, seed: int | None = None) -> str:
    """One wording of each `[a|b|c]`. The same `turn` always takes the same, the next turn takes the next.

    Without a `seed`, turn 0 takes the first wording: for texts whose wordings belong to certain turns.
    """

    def wording(found: re.Match[str]) -> str:
        options = found[1].split("|")
        start = 0 if seed is None else crc32(found[1].encode(), seed)
        # Every other choice of two goes 0 1 1 0 instead of 0 1 0 1, or the first and third turn would be twins.
        step = turn ^ (turn >> 1) if start & 64 and len(options) == 2 else turn
        return options[(start + step) % len(options)]

    return _CHOICE.sub(wording, text)


def workday(day: date, step: int = 1) -> date:
    """The day itself, or the next (`step` 1) or last (-1) one that is not on a weekend."""
    while day.weekday() >= 5:
        day += timedelta(days=step)
    return day


def in_words(day: date, form: str) -> str:
    """A date as letters write it. Forms: "" 12. November, k 12.11., v 12.11.2026, w Donnerstag,
    t Donnerstag, 12. November, d Donnerstag, den 12.11., kw KW 46."""
    long = f"{day.day}. {MONTHS[day.month - 1]}"
    forms = {
        "": long,
        "k": f"{day:%d.%m.}",
        "v": f"{day:%d.%m.%Y}",
        "w": DAYS[day.weekday()],
        "t": f"{DAYS[day.weekday()]}, {long}",
        "d": f"{DAYS[day.weekday()]}, den {day:%d.%m.}",
        "kw": f"KW {day.isocalendar().week}",
    }
    return forms[form]


def euro(amount: float) -> str:
    """An amount in euro with two decimals as Germans write it: 12.345,60 €."""
    return f"{amount:,.2f} €".translate(str.maketrans(",.", ".,"))


def fill(text: str, values: Mapping[str, str], days: Mapping[str, date], today: date) -> str:
    """The text with all gaps filled: {name} from `values`, {name.form} from `days`, {+3.form} counted from `today`.

    Raises KeyError for a gap that nothing fills.
    """

    def word(gap: re.Match[str]) -> str:
        name, form = gap[1], gap[2] or ""
        if name[0] in "+-":
            offset = int(name)
            return in_words(workday(today + timedelta(days=offset), 1 if offset > 0 else -1), form)
        return in_words(days[name], form) if name in days else values[name]

    text = _GAP.sub(word, _GAP.sub(word, text))  # a picked text may hold gaps itself
    text = _TWO_DOTS.sub(r"\1", text)
    return "\n".join(line.rstrip() for line in text.strip().split("\n"))

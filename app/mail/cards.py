"""Invitations (RFC 5545) and cards (RFC 6350, also 2.1 and 3.0) as lines to read; nothing is answered, stored or merged here.

Cards are read by hand: vobject takes exponential time on a line of 70 hostile bytes.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta, tzinfo
from typing import Any

from app.language import _

MAX_TEXT = 300_000
MAX_SHOWN = 50
_UNFOLD = re.compile(r"\r?\n[ \t]")
_ESCAPED = re.compile(r"\\([\\,;:nN])")


class NotACalendar(ValueError):
    """The text is no calendar that icalendar can read."""


def calendar_lines(data: bytes, zone: tzinfo | None) -> list[str]:
    """The events and tasks of a calendar, a few lines each with an empty line between. `zone`: where times are shown;
    None: the machine's. Raises NotACalendar."""
    from icalendar import Calendar

    try:
        calendar = Calendar.from_ical(data[:MAX_TEXT])
        entries = [entry for entry in calendar.walk() if entry.name in ("VEVENT", "VTODO", "VJOURNAL")]
        lines = _method(str(calendar.get("METHOD", "")))
        for entry in entries[:MAX_SHOWN]:
            lines += [*_entry(entry, zone), ""]
    except Exception as error:
        # icalendar raises nearly every built-in exception on damaged input; the caller shows the text instead.
        raise NotACalendar(type(error).__name__) from error
    if not entries:
        raise NotACalendar
    return lines


def _method(method: str) -> list[str]:
    words = {
        "REQUEST": _("Invitation"),
        "CANCEL": _("This appointment was cancelled."),
        "REPLY": _("Answer to an invitation"),
    }
    return [words[method.upper()], ""] if method.upper() in words else []


def _entry(entry: Any, zone: tzinfo | None) -> Iterator[str]:
    yield str(entry.get("SUMMARY") or _("Appointment without a title"))
    when = _period(entry, zone)
    fields = [
        (_("When"), when),
        (_("Repeats"), _frequency(entry.get("RRULE"))),
        (_("Where"), str(entry.get("LOCATION") or "")),
        (_("Organiser"), _person(entry.get("ORGANIZER"))),
        *((_("Invited"), _person(person)) for person in _all(entry.get("ATTENDEE"))[:MAX_SHOWN]),
    ]
    yield from (f"{name}: {value}" for name, value in fields if value)
    description = str(entry.get("DESCRIPTION") or "").strip()
    if description:
        yield from ("", *description.splitlines())


def _frequency(rule: Any) -> str:
    words = {"DAILY": _("daily"), "WEEKLY": _("weekly"), "MONTHLY": _("monthly"), "YEARLY": _("yearly")}
    found = _all(rule)
    return words.get(str(found[0].get("FREQ", [""])[0]).upper(), _("yes")) if found else ""


def _all(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value] if value else []


def _person(value: Any) -> str:
    if not value:
        return ""
    answers = {"ACCEPTED": _("accepted"), "DECLINED": _("declined"), "TENTATIVE": _("tentative")}
    parameters = getattr(value, "params", {})
    address = str(value)
    address = address[7:] if address.lower().startswith("mailto:") else address
    name = str(parameters.get("CN", ""))
    who = f"{name} <{address}>" if name and name != address else address
    answer = answers.get(str(parameters.get("PARTSTAT", "")).upper(), "")
    return f"{who} ({answer})" if answer else who


def _period(entry: Any, zone: tzinfo | None) -> str:
    start = _moment(entry, "DTSTART") or _moment(entry, "DUE")
    if start is None:
        return ""
    end = _moment(entry, "DTEND")
    duration = getattr(entry.get("DURATION"), "dt", None)
    if end is None and isinstance(duration, timedelta):
        end = start + duration
    if not isinstance(start, datetime):
        # The end of a day-long event is the day after it (RFC 5545 section 3.6.1).
        last = end - timedelta(days=1) if isinstance(end, date) and not isinstance(end, datetime) else start
        return _day(start) if last <= start else f"{_day(start)} – {_day(last)}"
    first = _local(start, zone)
    text = f"{_day(first)} {first:%H:%M}"
    if not isinstance(end, datetime):
        return text
    until = _local(end, zone)
    return (
        f"{text}–{until:%H:%M}" if until.date() == first.date() else f"{text} – {_day(until)} {until:%H:%M}"
    )


def _moment(entry: Any, name: str) -> date | None:
    moment = getattr(entry.get(name), "dt", None)
    return moment if isinstance(moment, date) else None


def _local(moment: datetime, zone: tzinfo | None) -> datetime:
    return moment.astimezone(zone) if moment.tzinfo else moment  # floating times are the same everywhere


def _day(day: date) -> str:
    return f"{day:%d.%m.%Y}"


def card_lines(text: str) -> list[str]:
    """The people of a vCard file, a line for each entry, with an empty line between people; empty if there is none."""
    labels = {
        "TITLE": _("Position"),
        "ORG": _("Company"),
        "EMAIL": _("E-mail"),
        "TEL": _("Phone"),
        "ADR": _("Address"),
        "URL": _("Website"),
        "BDAY": _("Birthday"),
        "NOTE": _("Note"),
    }
    people: list[tuple[dict[str, str], list[str]]] = []
    for name, value in _card_fields(text[:MAX_TEXT]):
        if name == "BEGIN" and len(people) < MAX_SHOWN:
            people.append(({}, []))
        elif people and value and name in ("FN", "N"):
            people[-1][0].setdefault(name, value)
        elif people and value and name in labels and len(people[-1][1]) < MAX_SHOWN:
            people[-1][1].append(f"{labels[name]}: {value}")
    named = [(names.get("FN") or names.get("N") or _("Without a name"), lines) for names, lines in people]
    return [line for name, lines in named for line in (name, *lines, "")]


def _card_fields(text: str) -> Iterator[tuple[str, str]]:
    """Name and value of each entry, groups and parameters taken off (RFC 6350 section 3.3)."""
    lines = iter(_UNFOLD.sub("", text).splitlines())
    for line in lines:
        head, colon, value = _cut(line)
        if not colon:
            continue
        name, *parameters = head.upper().split(";")
        if any("QUOTED-PRINTABLE" in parameter for parameter in parameters):
            pieces = [value]
            while pieces[-1].endswith("="):
                pieces.append(next(lines, ""))
            value = binascii.a2b_qp("\n".join(pieces).encode("utf-8", "replace")).decode("utf-8", "replace")
        yield name.rpartition(".")[2], _plain(value)


def _cut(line: str) -> tuple[str, str, str]:
    """A line at its first colon outside of quotes."""
    quoted = False
    for place, char in enumerate(line[:2000]):
        if char == '"':
            quoted = not quoted
        elif char == ":" and not quoted:
            return line[:place], ":", line[place + 1 :]
    return line, "", ""


def _plain(value: str) -> str:
    """The parts of a value that hold something, side by side."""
    parts = [_ESCAPED.sub(_unescaped, part).strip() for part in re.split(r"(?<!\\);", value)]
    return ", ".join(part for part in parts if part)


def _unescaped(found: re.Match[str]) -> str:
    return " " if found[1] in "nN" else found[1]

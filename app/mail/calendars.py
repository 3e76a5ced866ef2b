"""Invitations and other calendar files (RFC 5545) as lines to read; nothing is answered, stored or merged here."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta, tzinfo
from typing import Any

from app.language import _

MAX_TEXT = 300_000
MAX_SHOWN = 50


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

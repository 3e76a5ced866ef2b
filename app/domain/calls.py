"""Phone calls: how one ended, and when to call again as a rep types it; knows no clock."""

from __future__ import annotations

import re
from datetime import datetime, time
from enum import StrEnum

from app.domain.due import parse_day
from app.language import N_, _

_TIME = re.compile(r"(?:^|\s)(\d{1,2}):(\d{2})(?:\s*(?:uhr|h))?\s*$", re.IGNORECASE)


class CallOutcome(StrEnum):
    REACHED = "reached"
    NOT_REACHED = "not-reached"
    CALL_AGAIN = "call-again"


#: What an outcome is called; source texts.
OUTCOMES: dict[CallOutcome, str] = {
    CallOutcome.REACHED: N_("reached"),
    CallOutcome.NOT_REACHED: N_("not reached"),
    CallOutcome.CALL_AGAIN: N_("call again"),
}


def parse_moment(text: str, now: datetime) -> tuple[datetime, bool]:
    """The day meant by "Fr", "+3" or "24.11.", with the time behind it if one is given ("Fr 14:30"; "14:30" alone is today):
    a moment in the zone of `now`, and whether a time was given. Raises ValueError, also for what is past."""
    found = _TIME.search(text)
    day_text = text[: found.start()].strip().rstrip(",") if found else text.strip()
    try:
        at = time(int(found[1]), int(found[2])) if found else time()
    except ValueError:
        raise ValueError(_("“{text}” is no time such as 14:30").format(text=text[:40])) from None
    day = now.date() if found and not day_text else parse_day(day_text, now.date())
    moment = datetime.combine(day, at, now.tzinfo)
    if (moment < now) if found else (day < now.date()):
        raise ValueError(_("“{text}” is past").format(text=text[:40]))
    return moment, found is not None

"""The kinds of fields that records are made of: each cleaned and checked as it was typed; which record has which, `record_input`
says.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, ValidationInfo

from app.domain.crm.campaigns import LONGEST_CAMPAIGN, squeezed
from app.domain.crm.kinds import TaskState
from app.domain.crm.record_words import meant
from app.domain.due import check_day_ahead, parse_day, parse_due
from app.domain.money import MOST_CENTS, parse_euros
from app.domain.months import last_day, parse_month
from app.domain.text import clean_block, clean_line
from app.language import _

LONGEST_LINE = 300
LONGEST_NOTE = 50_000


def line(text: str) -> str:
    text = clean_line(text).strip()
    if len(text) > LONGEST_LINE:
        raise ValueError(_("longer than {n} characters").format(n=LONGEST_LINE))
    return text


def _needed(text: str) -> str:
    if not text:
        raise ValueError(_("must not be empty"))
    return text


def _note(text: str) -> str:
    text = clean_block(text).strip()
    if len(text) > LONGEST_NOTE:
        raise ValueError(_("longer than {n} characters").format(n=LONGEST_NOTE))
    return text


def _address(text: str) -> str:
    from app.domain.mail.addresses import is_address

    text = text.strip().lower()
    if not is_address(text):
        raise ValueError(_("“{text}” is no e-mail address").format(text=clean_line(text)[:80]))
    return text


def _number(text: str) -> str:
    if not any(char.isdigit() for char in text):
        raise ValueError(_("“{text}” is no phone number").format(text=text[:40]))
    return text


def _campaign(text: str, info: ValidationInfo) -> str:
    """A name that is set anew is no longer than those that admins give; one of long ago stays as it is."""
    name = squeezed(text)
    if len(name) > LONGEST_CAMPAIGN and info.context is not None:
        before = info.context["before"].get(info.field_name)
        if squeezed(before or "") != name:
            raise ValueError(_("longer than {n} characters").format(n=LONGEST_CAMPAIGN))
    return name


def _cents(value: object) -> object:
    if isinstance(value, str):
        return parse_euros(value) if value.strip() else None
    return value


def _day(value: object, info: ValidationInfo) -> object:
    if not isinstance(value, str) or not value.strip():
        return value or None
    if info.context is None:
        return date.fromisoformat(value)
    return parse_day(value, info.context["today"])


def _ahead(day: date | None, info: ValidationInfo) -> date | None:
    """A day that is set anew is today or ahead. Raises DuePast, which pydantic lets through."""
    if info.context is not None:
        check_day_ahead(day, info.context["today"], info.context["before"].get(info.field_name))
    return day


def _expected(value: object, info: ValidationInfo) -> object:
    try:
        return _day(value, info)
    except ValueError:
        if info.context is None:
            raise
        with suppress(ValueError):
            return last_day(parse_month(str(value), info.context["today"]))
        raise


def _due_day(value: object, info: ValidationInfo) -> object:
    """The day of what may hold a time too."""
    if isinstance(value, str) and value.strip() and info.context is not None:
        return parse_due(value, info.context["today"]).day
    return _day(value, info)


def parted(value: object) -> object:
    """One text with a line or a comma between parts, as a field of a dialog holds them."""
    return (
        [part for part in value.replace("\n", ",").split(",") if part.strip()]
        if isinstance(value, str)
        else value
    )


def _task_state(value: object) -> object:
    return meant(TaskState, value) if isinstance(value, str) else value


Line = Annotated[str, AfterValidator(line)]
Title = Annotated[Line, AfterValidator(_needed)]
Note = Annotated[str, AfterValidator(_note)]
Cents = Annotated[Annotated[int, Field(ge=0, le=MOST_CENTS)] | None, BeforeValidator(_cents)]
Day = Annotated[date | None, BeforeValidator(_day)]
Ahead = Annotated[Day, AfterValidator(_ahead)]
Expected = Annotated[date | None, BeforeValidator(_expected)]
CampaignName = Annotated[str, AfterValidator(_campaign)]
EmailAddress = Annotated[Line, AfterValidator(_address)]
PhoneNumber = Annotated[Line, AfterValidator(_number)]
Traits = Annotated[tuple[Line, ...], BeforeValidator(parted)]
DueDay = Annotated[date | None, BeforeValidator(_due_day)]
State = Annotated[TaskState, BeforeValidator(_task_state)]

"""What the lines of a history say to a person, in a word and in a sentence; drawn and printed by others.

What it gives may hold outside text: it is cleaned when it is drawn.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from app.domain.crm.calls import OUTCOMES, CallOutcome
from app.domain.crm.history import Event, HistoryLine, changes_in
from app.domain.crm.kinds import Kind, RecordRow, TaskKind
from app.domain.crm.reasons import told_reason
from app.domain.crm.record_input import FIELD_NAMES
from app.domain.crm.record_words import word_of
from app.domain.due import format_day
from app.domain.mail.messages import subject_word
from app.domain.money import format_euros
from app.domain.opportunities.stages import stage_word
from app.language import N_, _

#: From kind and id of a record to what it is called.
Titles = Mapping[tuple[str, int], str]

_WORDS: dict[Event, str] = {
    Event.CREATED: N_("created"),
    Event.CHANGED: N_("changed"),
    Event.ASSIGNED: N_("assigned"),
    Event.TAKEN_BACK: N_("taken back"),
    Event.FINISHED: N_("finished"),
    Event.REOPENED: N_("reopened"),
    Event.NOTE: N_("Note"),
    Event.CALL: N_("Call"),
    Event.DOCUMENT: N_("Document"),
    Event.TASK_MADE: N_("Task"),
    Event.TASK_DONE: N_("Task"),
    Event.POSTPONED: N_("put off"),
    Event.STAGE: N_("Stage"),
    Event.WON: N_("won"),
    Event.LOST: N_("lost"),
    Event.MERGED: N_("merged"),
    Event.UNMERGED: N_("parted"),
}
KINDS = {
    Kind.CONTACT: N_("Contact"),
    Kind.LEAD: N_("Lead"),
    Kind.TASK: N_("Task"),
    Kind.OPPORTUNITY: N_("Opportunity"),
}


def kind_word(row: RecordRow) -> str:
    """What a record is: a follow-up is called so, and not a task."""
    return _("Follow-up") if row.follow_up else _(KINDS[row.kind])


def word_for(line: HistoryLine) -> str:
    """What kind of line it is."""
    if line.details.get("kind") == TaskKind.FOLLOW_UP:
        return _("Follow-up")
    if line.event is not None:
        return _(_WORDS[line.event])
    return _("Comment") if line.author else _("E-mail")


def told(line: HistoryLine) -> str:
    """What a line says, of several lines where a text was written."""
    said = _said(line)
    if line.details.get("undone"):
        said = " ".join(filter(None, (said, _("(undone)"))))
    if line.record is None:
        return said
    about = _("{kind} “{title}”").format(kind=kind_word(line.record), title=line.record.title)
    return f"{about}: {said}" if said else about


def _said(line: HistoryLine) -> str:
    match line.event:
        case None:
            return line.text if line.author else subject_word(line.text)
        case Event.CALL:
            return _joined(_call(line), line.text)
        case Event.TASK_DONE:
            return _("done: {title}").format(title=line.text)
        case Event.CREATED:
            return ""
        case Event.FINISHED | Event.WON | Event.LOST:
            return _ended(line)
        case Event.POSTPONED if "to" in line.details:
            was = line.details.get("from")
            return _changed_to(str(line.details["to"]), str(was) if was else "")
        case Event.MERGED | Event.UNMERGED:
            return "; ".join([line.text, *_changes(line)])
        case Event.ASSIGNED | Event.TAKEN_BACK:
            return _joined(_handed(line), line.text)
        case _other:
            return _joined("; ".join(_changes(line)), line.text)


def _joined(first: str, text: str) -> str:
    return ": ".join(filter(None, (first, text)))


def _call(line: HistoryLine) -> str:
    outcome = str(line.details.get("outcome", ""))
    word = _(OUTCOMES[CallOutcome(outcome)]) if outcome in list(CallOutcome) else outcome
    again = line.details.get("again")
    return _("{outcome}, again {day}").format(outcome=word, day=again) if again else word


def _handed(line: HistoryLine) -> str:
    """Who has it, and who had it."""
    before, after = changes_in(line.details).get(
        "assignee", (line.details.get("from", ""), line.details.get("to", ""))
    )
    nobody = _("nobody")
    return _changed_to(_name(line, after) or nobody, _name(line, before))


def _ended(line: HistoryLine) -> str:
    """How it ended; the text is that of the reason."""
    changes, reason = changes_in(line.details), line.details.get("reason")
    result = changes.get("result", ("", ""))[1]
    parts = [word_of(str(result))] if result else []
    if "stage" in changes:
        parts.append(stage_word(str(changes["stage"][1])))
    if reason:
        parts.append(told_reason(str(reason), line.text))
    return ", ".join(parts) if reason else _joined(", ".join(parts), line.text)


def _changes(line: HistoryLine) -> list[str]:
    """Each field that was changed: its name, what it holds and what it held."""
    found: list[str] = []
    for name, values in changes_in(line.details).items():
        before, after = (told_value(name, value, line.names, line.titles) for value in values)
        found.append(f"{_(FIELD_NAMES.get(name, name))}: {_changed_to(after, before)}")
    return found


def _changed_to(after: str, before: str) -> str:
    if not before:
        return after
    return _("{new} (was {old})").format(new=after or "–", old=before)


def told_value(name: str, value: Any, names: Mapping[str, str], titles: Titles) -> str:
    """What a field holds, as a person reads it; `names`: of members by login."""
    if value in (None, "", [], ()):
        return ""
    if name == "value" and isinstance(value, int):
        return format_euros(value)
    if name == "stage":
        return stage_word(str(value))
    if name == "probability":
        return f"{value} %"
    if name in ("due_on", "expected_on"):
        return format_day(date.fromisoformat(str(value)))
    if name == "remind_at" and isinstance(value, int):
        at = datetime.fromtimestamp(value, UTC).astimezone()
        return f"{format_day(at)} {at:%H:%M}"
    if name in ("state", "result"):
        return word_of(str(value))
    if name == "assignee":
        return names.get(str(value), str(value))
    if name.endswith("_id"):
        return titles.get((name.removesuffix("_id"), value), str(value))
    if isinstance(value, list | tuple):
        return ", ".join(_part(part) for part in value)
    return str(value)


def _part(part: Any) -> str:
    if not isinstance(part, dict):
        return str(part)
    label = part.get("label")
    return f"{part.get('value', '')} ({label})" if label else str(part.get("value", ""))


def _name(line: HistoryLine, login: Any) -> str:
    return line.names.get(str(login)) or str(login or "")

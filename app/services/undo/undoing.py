"""Takes the last step of a person back: exactly what the step changed, and nothing that others did since."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

from app.domain.leads.rules import ReadsOnly
from app.domain.mail.messages import subject_word
from app.domain.text import clean_line, fit
from app.domain.undo import (
    Done,
    Inverse,
    MailInverse,
    NothingToUndo,
    ReopenMention,
    RestoreFields,
    RestoreLeads,
    RestoreMentionDay,
    RestoreOpportunity,
    ReturnMention,
    UndoMerge,
    read_inverses,
)
from app.language import _, ngettext
from app.services.crm.merging import WentOn
from app.services.team.acting import acting
from app.services.undo import leads, mail, mentions, merges, opportunities, records
from app.services.undo.ground import Back, Ground
from app.store.crm import triage
from app.store.database import Store
from app.store.undo import StepPart, last_part, last_step, take_part

#: Cells of a subject that are shown.
SUBJECT_SHOWN = 24


def undo(store: Store, *, author: str, now: datetime) -> Done:
    """Take back the author's last step that is not taken back yet. Raises NothingToUndo when there is none.

    What is no longer as the step left it stays as it is and is counted in `left_out`. A step that was done in parts is taken
    back in these parts, each in a transaction of its own. Raises NotAMember.
    """
    title, backs = "", list[Back]()
    while not backs:  # again when another process of this person was faster
        step = last_step(store.read, author)
        if step is None:
            raise NothingToUndo
        title, backs = _take_step(store, step, author, now)
    return _done(store, title, backs)


def _take_step(store: Store, step: int, author: str, now: datetime) -> tuple[str, list[Back]]:
    """What the step is called and what became of it; nothing when another process took all of it."""
    title, backs = "", list[Back]()
    while part := last_part(store.read, step):
        try:
            found = _take_back(store, part, author, now)
        except WentOn as error:  # nothing is stored, so that the step is there when that is undone
            return part.title, [*backs, Back(1, 0, note=error.told_cause)]
        title = title or (part.title if found else "")
        backs += found
    return title, backs


def _take_back(store: Store, part: StepPart, author: str, now: datetime) -> list[Back]:
    """Take a part back; nothing when it is the last one no longer. Raises NotAMember and WentOn."""
    inverses = read_inverses(part.inverses)
    with _ground(store, inverses, author, now) as ground:
        acting(ground.tx, author, now)
        if not take_part(ground.tx, part):
            return []
        return [_restore(ground, inverse) for inverse in reversed(inverses)]


@contextmanager
def _ground(store: Store, inverses: Sequence[Inverse], author: str, now: datetime) -> Iterator[Ground]:
    if any(isinstance(inverse, RestoreFields | UndoMerge) for inverse in inverses):
        with store.session() as session:
            yield Ground(store.sql_of(session), author, now, session)
    else:
        with store.write() as tx:
            yield Ground(tx, author, now)


def _restore(ground: Ground, inverse: Inverse) -> Back:
    """What becomes of it. What the author may take back no longer stays, and does not bar the steps before it."""
    try:
        return _restored(ground, inverse)
    except ReadsOnly as error:
        return Back(len(inverse.ids) if isinstance(inverse, RestoreLeads) else 1, 0, note=error.told_cause)


def _restored(ground: Ground, inverse: Inverse) -> Back:
    if isinstance(inverse, MailInverse):
        return mail.take_back(ground, inverse)
    match inverse:
        case RestoreLeads():
            return leads.take_back(ground, inverse)
        case RestoreOpportunity():
            return opportunities.take_back(ground, inverse)
        case ReopenMention() | RestoreMentionDay() | ReturnMention():
            return mentions.take_back(ground, inverse)
        case UndoMerge():
            return merges.take_back(ground, inverse)
        case _record:
            return records.take_back(ground, inverse)


def _done(store: Store, title: str, backs: Sequence[Back]) -> Done:
    done = sum(back.restored for back in backs)
    left_out = sum(back.wanted for back in backs) - done
    messages = tuple(dict.fromkeys(message for back in backs for message in back.messages))
    subject = triage.subject_of(store.read, messages[0]) if len(messages) == 1 else None
    notes = list(dict.fromkeys(back.note for back in backs if back.note))
    told = next((back.told for back in backs if back.told), "")
    text = (_("Undone: {step}") if done else _("Not undone: {step}")).format(step=told or title)
    if subject is not None:
        text += f" – {_short(subject)}"
    if notes:
        text += f" ({'; '.join(notes)})"
    elif left_out and not told:
        text += " " + ngettext(
            "({n} was changed since and stays)", "({n} were changed since and stay)", left_out
        ).format(n=left_out)
    came_back = tuple(dict.fromkeys(record for back in backs for record in back.records))
    mentioned = tuple(number for back in backs for number in back.mentions)
    return Done(text, done, False, left_out, messages=messages, records=came_back, mentions=mentioned)


def _short(subject: str) -> str:
    """A subject in quotation marks, cut so that it leaves room on a line of 80."""
    name = subject_word(clean_line(subject)).strip()
    return _("“{name}”").format(name=fit(name, SUBJECT_SHOWN).rstrip())

"""Puts mail on follow-up (Wiedervorlage); importing it costs what the record classes cost (0.3 s)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from app.domain.crm.kinds import TaskKind
from app.domain.due import Due, check_ahead, format_due
from app.domain.mail.triage import Selection
from app.domain.undo import Done
from app.language import _
from app.services.crm.from_mail import new_task_from_mail, task_from_mail
from app.services.remembering import shown
from app.services.triage.steps import with_missing
from app.store.database import Store


def follow_up(
    store: Store, mails: Selection, due: Due, *, of: Sequence[int], author: str, now: datetime
) -> Done:
    """Put mails on follow-up: one task of the author that is due then, linked with all of them. `of`: their messages, in
    front the one whose subject it gets. Raises NotFound when they are gone, and DuePast."""
    check_ahead(due, now)
    task = task_from_mail(store, of[0], author=author, of=of).task
    more = {"kind": TaskKind.FOLLOW_UP, "due_on": due.day, "remind_at": due.remind_at}
    done = new_task_from_mail(store, mails, task.model_copy(update=more), author=author, now=now)
    told = _("“{title}” comes back on {day}").format(title=shown(task.title), day=format_due(due))
    return replace(done, text=with_missing(told, done.left_out))

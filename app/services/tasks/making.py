"""Puts mail on follow-up (Wiedervorlage); importing it costs what the record classes cost (0.3 s)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from app.domain.crm import TaskKind
from app.domain.due import Due, check_ahead
from app.domain.triage import Done, Selection
from app.services.crm.from_mail import new_task_from_mail, task_from_mail
from app.store.database import Store


def follow_up(
    store: Store, mails: Selection, due: Due, *, of: Sequence[int], author: str, now: datetime
) -> Done:
    """Put mails on follow-up: one task of the author that is due then, linked with all of them. `of`: their messages, in
    front the one whose subject it gets. Raises NotFound when they are gone, and DuePast."""
    check_ahead(due, now)
    task = task_from_mail(store, of[0], author=author, of=of).task
    more = {"kind": TaskKind.FOLLOW_UP, "due_on": due.day, "remind_at": due.remind_at}
    return new_task_from_mail(store, mails, task.model_copy(update=more), author=author, now=now)

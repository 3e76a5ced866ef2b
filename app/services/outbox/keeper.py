"""A draft while it is written: saved under one number however often, and never given up; it draws nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from app.domain.errors import NotFound, Refused
from app.domain.mail.compose import Attachment, Draft
from app.services.outbox.drafts import Outbox, Saved


class DraftKeeper:
    """Keeps one draft. Its methods write: one thread at a time, never the event loop's."""

    def __init__(self, outbox: Outbox, outbox_id: int | None = None) -> None:
        self._outbox = outbox
        self._stored: dict[Attachment, Attachment] = {}
        self.id = outbox_id

    def save(self, mailbox_id: int, draft: Draft) -> Saved:
        """Keep the draft as it is now. If its row was sent or dropped by somebody else meanwhile, under a new number:
        what a person has written is never thrown away."""
        files = tuple(self._stored.get(file, file) for file in draft.attachments)
        draft = replace(draft, attachments=files)
        try:
            saved = self._outbox.save(mailbox_id, draft, self.id)
        except (Refused, NotFound):
            lost = tuple(replace(file, stored=0) if file.stored else file for file in files)
            saved = self._outbox.save(mailbox_id, replace(draft, attachments=lost))
        self.id = saved.id
        self._stored.update(
            (before, after)
            for before, after in zip(files, saved.draft.attachments, strict=True)
            if after.stored and before != after
        )
        return saved

    def queue(
        self, mailbox_id: int, draft: Draft, undo_seconds: int, *, confirmed: bool
    ) -> tuple[int, datetime]:
        """Keep the draft and let it wait to be sent: its number, and when it is due.

        Raises DraftNotReady, Refused and NotFound as `Outbox.queue` does; the draft is kept then.
        """
        number = self.save(mailbox_id, draft).id
        return number, self._outbox.queue(number, undo_seconds, confirmed=confirmed)

    def drop(self) -> None:
        """Throw the draft away. Raises Refused when it is being sent."""
        if self.id is not None:
            self._outbox.drop(self.id)
            self.id = None

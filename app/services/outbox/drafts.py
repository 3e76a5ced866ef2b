"""What a person does with mail on its way out: save, check, queue, take back, retry, drop, list. Nothing is sent here."""

from __future__ import annotations

import mimetypes
import secrets
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from app.domain.errors import MailNotFound, PostkorbError, Refused
from app.domain.mail.addresses import wire_address
from app.domain.mail.compose import UNKNOWN_TYPE, Attachment, Draft, DraftKind
from app.domain.mail.outbox import OutboxRow, OutState
from app.domain.mail.problems import FileState, Problem, problems
from app.mail.compose import File, make_message_id, render
from app.store.database import Store
from app.store.mail import mailboxes, messages
from app.store.outbox import drafts, steps
from app.store.outbox import rows as outbox


class DraftNotReady(PostkorbError):
    """`problems`: what is wrong; where none is blocking, the person may confirm."""

    title = "The mail cannot be sent like this"

    def __init__(self, found: list[Problem]) -> None:
        super().__init__(" ".join(problem.text for problem in found))
        self.problems = found

    @property
    def confirmable(self) -> bool:
        return not any(problem.blocking for problem in self.problems)


@dataclass(frozen=True, slots=True)
class Saved:
    """A draft as it is in the store now. Its attachments have their `stored` ids, but those named in `unreadable`."""

    id: int
    draft: Draft
    unreadable: tuple[str, ...] = ()


class Outbox:
    """The outbox of one store; may be used from any thread but the event loop's."""

    def __init__(self, store: Store, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._clock = clock

    def save(self, mailbox_id: int, draft: Draft, outbox_id: int | None = None) -> Saved:
        """Keep a draft (a new one without `outbox_id`), and take in the files that are new in it.

        Cheap enough for every few seconds. Raises Refused when it is no draft any more, because it was queued.
        """
        loaded = [(file, None if file.stored else self._load(file)) for file in draft.attachments]
        now = self._clock()
        with self._store.write() as tx:
            if outbox_id is None:
                outbox_id = drafts.insert_draft(tx, mailbox_id, draft, now)
            elif not drafts.update_draft(tx, outbox_id, mailbox_id, draft, now):
                raise Refused("this mail is no draft any more")
            else:
                drafts.drop_attachments(tx, outbox_id, [file.stored for file in draft.attachments])
            files = tuple(
                file
                if file.stored
                else drafts.keep_attachment(
                    tx, outbox_id, replace(file, content_type=_content_type(file)), data
                )
                for file, data in loaded
            )
        unreadable = tuple(file.name for file in files if not file.stored)
        return Saved(outbox_id, replace(draft, attachments=files), unreadable)

    def load(self, outbox_id: int) -> tuple[int, Draft]:
        """The mailbox id and the draft, to be edited or looked at. Raises NotFound."""
        return drafts.draft_of(self._store.read, outbox_id)

    def begun_answer(self, message_id: int) -> int | None:
        """The draft of an answer to this message, if one was begun and kept."""
        return drafts.draft_answering(self._store.read, message_id)

    def queue(self, outbox_id: int, undo_seconds: int, *, confirmed: bool = False) -> datetime:
        """Let a draft wait to be sent; when it is due. Until then `take_back` undoes it.

        What will be sent is fixed here. Raises DraftNotReady for problems that block or, unless `confirmed`, have to be
        confirmed; Refused when it is no draft or its mailbox cannot send; NotFound.
        """
        mailbox_id, draft = self.load(outbox_id)
        self._check_sendable(mailbox_id)
        found = check(draft)
        if found and not (confirmed and not any(problem.blocking for problem in found)):
            raise DraftNotReady(found)
        now = self._clock()
        token = f"{now:%Y%m%d%H%M%S}.{secrets.token_hex(10)}"
        message_id = make_message_id(draft.sender.address, token)
        files = [File(*file) for file in drafts.files_of(self._store.read, outbox_id)]
        raw = render(draft, message_id, now.astimezone(), files, self._forwarded(draft))
        recipients = [wire_address(person.address) for person in draft.recipients]
        due = now + timedelta(seconds=undo_seconds)
        with self._store.write() as tx:
            if not steps.queue(tx, outbox_id, message_id, raw, recipients, due):
                raise Refused("this mail is no draft any more")
        return due

    def take_back(self, outbox_id: int, *, uncertain: bool = False) -> Draft:
        """Undo `queue`, or open what failed for editing: it is a draft again. `uncertain`: a person wants that, knowing that
        the recipients may have it.

        Raises Refused while it is being sent, when it is sent, when a recipient has it already, and for what is
        uncertain; NotFound.
        """
        self._state(outbox_id)
        with self._store.write() as tx:
            done = steps.to_draft(tx, outbox_id, uncertain=uncertain)
        if not done and not uncertain and self._state(outbox_id) is OutState.UNCERTAIN:
            raise Refused("nobody knows whether this mail was sent")
        if not done:
            raise Refused("this mail is on its way already")
        return self.load(outbox_id)[1]

    def retry(self, outbox_id: int) -> None:
        """Send what failed or is uncertain again, to those who have not accepted it. A person has asked for it.

        Raises Refused in any other state; NotFound.
        """
        self._state(outbox_id)
        with self._store.write() as tx:
            if not steps.retry(tx, outbox_id, self._clock()):
                raise Refused("this mail is not to be repeated")

    def confirm_sent(self, outbox_id: int) -> None:
        """The person has found that an uncertain mail arrived. Raises Refused in any other state; NotFound."""
        self._state(outbox_id)
        with self._store.write() as tx:
            if not steps.confirm_sent(tx, outbox_id, self._clock()):
                raise Refused("only a mail whose outcome is uncertain can be confirmed")

    def drop(self, outbox_id: int) -> None:
        """Remove a draft or a mail that shall not be sent (any more). Raises Refused while it is being sent; NotFound."""
        self._state(outbox_id)
        with self._store.write() as tx:
            if not steps.drop(tx, outbox_id):
                raise Refused("this mail is being sent at the moment")

    def copies_of_sent(self, outbox_id: int) -> list[int]:
        """The copies of a mail among the sent mail of its mailbox; none when they were deleted or not filed yet."""
        return outbox.copies_of_sent(self._store.read, outbox_id)

    def hurry(self) -> None:
        """Try again at once what pauses after a failed attempt."""
        with self._store.write() as tx:
            steps.hurry(tx, self._clock())

    def rows(
        self, states: Collection[OutState] = frozenset(OutState), limit: int | None = None
    ) -> list[OutboxRow]:
        """The outbox, what was changed last on top; no more than `limit`."""
        return outbox.rows(self._store.read, states, limit)

    def _state(self, outbox_id: int) -> OutState:
        return outbox.state_of(self._store.read, outbox_id)

    def _check_sendable(self, mailbox_id: int) -> None:
        mailbox = mailboxes.mailbox_by_id(self._store.read, mailbox_id)
        if mailbox is None or not mailbox.outgoing:
            raise Refused("this mailbox has no outgoing server")

    def _forwarded(self, draft: Draft) -> bytes | None:
        if draft.kind is not DraftKind.FORWARD_ATTACHED:
            return None
        if draft.original is None:
            raise MailNotFound("the mail to forward is gone")
        return messages.source(self._store.read, draft.original)

    def _load(self, file: Attachment) -> bytes | None:
        """The bytes of an attachment that is not in the store yet, or None if they cannot be read."""
        if file.message_id:
            from app.services.outbox.originals import attachment_bytes  # reads HTML: rich and html2text

            return attachment_bytes(self._store, file.message_id, file.part)
        try:
            return Path(file.path).read_bytes() if Path(file.path).is_file() else None
        except OSError:  # the caller tells: it stays without `stored`, and `check` names it
            return None


def check(draft: Draft) -> list[Problem]:
    """What is wrong with a draft, blocking problems first; looks at its files."""
    return problems(draft, _look)


def attachment(path: Path) -> Attachment:
    """A file to attach; it is read when the draft is saved."""
    size = path.stat().st_size if path.is_file() else 0
    return Attachment(path.name, size=size, path=str(path))


def _look(file: Attachment) -> FileState:
    path = Path(file.path)
    if not file.path or not path.is_file():
        return FileState.MISSING
    try:
        with path.open("rb"):
            return FileState.READABLE
    except OSError:
        return FileState.UNREADABLE


def _content_type(file: Attachment) -> str:
    """As the file came, else by its name."""
    if file.message_id or file.content_type != UNKNOWN_TYPE:
        return file.content_type
    kind, encoding = mimetypes.guess_type(file.name, strict=False)
    return kind if kind and not encoding else UNKNOWN_TYPE

"""Flags, moves and deletions: shown at once, carried out on the server by the postman."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from app.domain.errors import FolderNotFound, Refused
from app.domain.mail.messages import Role
from app.domain.mail.operations import FLAGGED, SEEN, FlagsChange
from app.domain.mail.roles import folder_word
from app.domain.mail.triage import HasNoTrash, LiesInTrash, Selection
from app.domain.text import clean_line
from app.domain.undo import Done, Inverse, PutBack, TurnFlags
from app.language import _, ngettext
from app.services.remembering import remember
from app.services.team.acting import acting
from app.services.triage.steps import copies_of, with_missing
from app.store.connection import Connection
from app.store.crm import triage
from app.store.database import Store
from app.store.sync import changes
from app.store.sync.changes import Copy


def set_seen(
    store: Store, mails: Selection, seen: bool, *, author: str, now: datetime, undoable: bool = True
) -> Done:
    """Mark mails as read or unread. `undoable` False: it happened by the way, on opening a mail."""
    change = FlagsChange((SEEN,)) if seen else FlagsChange((), (SEEN,))

    def words(n: int) -> str:
        if seen:
            return ngettext("{n} mail marked as read", "{n} mails marked as read", n).format(n=n)
        return ngettext("{n} mail marked as unread", "{n} mails marked as unread", n).format(n=n)

    return _change_flags(store, mails, change, words, author, now, undoable=undoable)


def set_flagged(store: Store, mails: Selection, flagged: bool, *, author: str, now: datetime) -> Done:
    r"""Set or take away the flag `\Flagged`, the star of other mail programs."""
    change = FlagsChange((FLAGGED,)) if flagged else FlagsChange((), (FLAGGED,))

    def words(n: int) -> str:
        if flagged:
            return ngettext("{n} mail flagged", "{n} mails flagged", n).format(n=n)
        return ngettext("Flag taken from {n} mail", "Flag taken from {n} mails", n).format(n=n)

    return _change_flags(store, mails, change, words, author, now)


def move(store: Store, mails: Selection, folder_id: int, *, author: str, now: datetime) -> Done:
    """Move mails into a folder. Raises NotFound when the folder or every mail is gone, Refused for a folder of another
    mailbox than theirs: nothing is moved then."""
    with store.write() as tx:
        acting(tx, author, now)
        found = triage.folder_name(tx, folder_id)
        if found is None:
            raise FolderNotFound
        name, role, mailbox = found
        copies, missing = copies_of(tx, mails, received=True)
        if not mails.copies:
            copies = [copy for copy in copies if copy.mailbox_id == mailbox]
        if not copies or any(copy.mailbox_id != mailbox for copy in copies):
            raise Refused(_("mail can be moved within its mailbox only"))
        name = folder_word(name, role)

        def words(n: int) -> str:
            text = ngettext("{n} mail moved to “{folder}”", "{n} mails moved to “{folder}”", n)
            return text.format(n=n, folder=name)

        return _move(tx, copies, {mailbox: folder_id}, words, author, now, missing)


def archive(store: Store, mails: Selection, *, author: str, now: datetime) -> Done:
    """Move mails to the archive of their mailboxes. Raises Refused when a mailbox has none: nothing is moved then."""

    def words(n: int) -> str:
        return ngettext("{n} mail archived", "{n} mails archived", n).format(n=n)

    return _move_by_role(store, mails, (Role.ARCHIVE, Role.ALL), words, author, now)


def delete(store: Store, mails: Selection, *, author: str, now: datetime) -> Done:
    """Move mails to the trash of their mailboxes. Raises Refused when a mailbox has none, and LiesInTrash when all lie
    there already: only `delete_forever` takes them away."""

    def words(n: int) -> str:
        return ngettext("{n} mail deleted", "{n} mails deleted", n).format(n=n)

    return _move_by_role(store, mails, (Role.TRASH,), words, author, now)


def delete_forever(
    store: Store, mails: Selection, *, author: str, now: datetime, without_trash: bool = False
) -> Done:
    """Take mails out of the trash for good, here and on the server; cannot be undone. Nothing is deleted when one of them
    lies elsewhere: raises Refused, and HasNoTrash where the mailbox has none, unless `without_trash`."""
    with store.write() as tx:
        acting(tx, author, now)
        copies, missing = copies_of(tx, mails)
        trash = triage.folders_by_role(tx, Role.TRASH)
        if not mails.copies:
            in_trash = {copy.message_id for copy in copies if copy.role is Role.TRASH}
            copies = [c for c in copies if c.role is Role.TRASH or c.message_id not in in_trash]
        for copy in copies:
            if copy.role is not Role.TRASH and copy.mailbox_id in trash:
                raise Refused(_("only mail in the trash can be deleted for good"))
            if copy.role is not Role.TRASH and not without_trash:
                raise HasNoTrash(clean_line(triage.mailbox_name(tx, copy.mailbox_id)))
        changes.erase(tx, copies, now)
        text = ngettext("{n} mail deleted for good", "{n} mails deleted for good", len(copies))
        text = with_missing(text.format(n=len(copies)), missing)
        return Done(text, len(copies), undoable=False, left_out=missing)


def spam(store: Store, mails: Selection, *, author: str, now: datetime) -> Done:
    """Move mails to the junk folders of their mailboxes. Raises Refused when a mailbox has none."""

    def words(n: int) -> str:
        return ngettext("{n} mail marked as spam", "{n} mails marked as spam", n).format(n=n)

    return _move_by_role(store, mails, (Role.JUNK,), words, author, now)


def _move_by_role(
    store: Store,
    mails: Selection,
    roles: Sequence[Role],
    words: Callable[[int], str],
    author: str,
    now: datetime,
) -> Done:
    with store.write() as tx:
        acting(tx, author, now)
        copies, missing = copies_of(tx, mails, received=True)
        targets: dict[int, int] = {}
        for role in reversed(roles):
            targets |= triage.folders_by_role(tx, role)
        for copy in copies:
            if copy.mailbox_id not in targets:
                name = clean_line(triage.mailbox_name(tx, copy.mailbox_id))
                raise Refused(_no_folder(roles[0]).format(mailbox=name))
        if roles[0] is Role.TRASH and all(copy.role is Role.TRASH for copy in copies):
            raise LiesInTrash
        return _move(tx, copies, targets, words, author, now, missing)


def _no_folder(role: Role) -> str:
    if role is Role.ARCHIVE:
        return _(
            "The mailbox “{mailbox}” has no archive folder. In the sync ledger one is chosen or created: g s, then e."
        )
    if role is Role.JUNK:
        return _(
            "The mailbox “{mailbox}” has no spam folder. In the sync ledger one is chosen or created: g s, then e."
        )
    return _(
        "The mailbox “{mailbox}” has no trash folder. In the sync ledger one is chosen or created: g s, then e."
    )


def _move(
    tx: Connection,
    copies: Sequence[Copy],
    targets: dict[int, int],
    words: Callable[[int], str],
    author: str,
    now: datetime,
    missing: int,
) -> Done:
    """Move copies to the target of their mailbox."""
    moved: list[Copy] = []
    inverses: list[Inverse] = []
    for mailbox, target in targets.items():
        there = changes.move(tx, [copy for copy in copies if copy.mailbox_id == mailbox], target, now)
        moved += there
        for origin in dict.fromkeys(copy.shown.folder_id for copy in there):
            ids = tuple(copy.id for copy in there if copy.shown.folder_id == origin)
            inverses.append(PutBack(origin, target, ids))
    if not moved:
        return Done(_("It lies there already"), 0, False, missing)
    count = len({copy.message_id for copy in moved})
    text = words(count)
    remember(tx, author, text, inverses, now)
    return Done(with_missing(text, missing), count, True, missing)


def _change_flags(
    store: Store,
    mails: Selection,
    change: FlagsChange,
    words: Callable[[int], str],
    author: str,
    now: datetime,
    *,
    undoable: bool = True,
) -> Done:
    with store.write() as tx:
        acting(tx, author, now)
        copies, missing = copies_of(tx, mails)
        changed = [copy for copy, _effect in changes.change_flags(tx, copies, change, now)]
        if not changed:
            return Done(_("Nothing to change"), 0, False, missing)
        count = len({copy.message_id for copy in changed})
        text = words(count)
        back = change.reversed()
        if undoable:
            remember(
                tx, author, text, [TurnFlags(back.add, back.remove, tuple(copy.id for copy in changed))], now
            )
        return Done(with_missing(text, missing), count, undoable, missing)

"""What the sync ledger says: its lines, and the whole story of the line under the cursor; pure, drawn by widgets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from app.domain.mail.ledger import ChangeLine, FolderLine, MailboxLine
from app.domain.mail.messages import subject_word
from app.domain.mail.operations import OperationKind, OperationState
from app.domain.mail.roles import folder_word, lacking, role_word
from app.domain.text import clean_line, fit
from app.language import _, ngettext
from app.widgets.table import Cell, Column, Line
from app.widgets.words import long_date, number, short_date, told_error

ACTION, SUBJECT = 28, 24


def ledger_columns() -> tuple[Column, ...]:
    """The columns of the folders."""
    return (
        Column(_("Folder"), 15, 2),
        Column(_("Mails"), 7, right=True),
        Column(_("Last"), 7, rank=1),
        Column(_("New"), 5, rank=3, right=True),
        Column(_("Changed"), 8, rank=4, right=True),
        Column(_("Gone"), 4, rank=5, right=True),
        Column(_("State"), 18, 3),
    )


def ledger_lines(mailboxes: Sequence[MailboxLine], now: datetime) -> list[Line]:
    """The lines, each with the part of the ledger that it stands for as its key's second half."""
    return [line for mailbox in mailboxes for line in _of_mailbox(mailbox, now)]


def _of_mailbox(mailbox: MailboxLine, now: datetime) -> Iterator[Line]:
    state = Cell(_("not synced yet"), "quiet")
    if mailbox.error:
        state = Cell(told_error(mailbox.error), "error")
    elif mailbox.synced_at is not None:
        state = Cell(_("synced {time}").format(time=_time(mailbox.synced_at, now)), "quiet")
    yield Line(
        ("mailbox", mailbox.id), (Cell(mailbox.name, "heading"), Cell(mailbox.address), state), wide=True
    )
    for folder in mailbox.folders:
        yield _folder_line(folder, now)
    if mailbox.waiting:
        text = ngettext("{n} change waits", "{n} changes wait", mailbox.waiting)
        yield Line(
            ("changes", mailbox.id),
            (Cell("  " + text.format(n=number(mailbox.waiting)), "strong"),),
            wide=True,
        )
    for change in mailbox.changes:
        yield _change_line(change, now)


def _folder_line(folder: FolderLine, now: datetime) -> Line:
    name = Cell("  " + folder_word(folder.name, folder.role), "text" if folder.synced else "quiet")
    if not folder.synced:
        return Line(("folder", folder.id), (name, *[Cell()] * 5, Cell(_("not chosen"), "quiet")))
    counts = (Cell(number(n) if n else "", "text") for n in (folder.new, folder.changed, folder.gone))
    last = Cell(_time(folder.last_success, now) if folder.last_success else "", "quiet")
    return Line(
        ("folder", folder.id), (name, Cell(number(folder.total)), last, *counts, _folder_state(folder))
    )


def _folder_state(folder: FolderLine) -> Cell:
    if folder.last_error:
        return Cell(told_error(folder.last_error), "error")
    if folder.skipped:
        text = ngettext("{n} mail left out", "{n} mails left out", folder.skipped)
        return Cell(text.format(n=number(folder.skipped)), "warning")
    if not folder.complete:
        return Cell(_("being fetched"), "warning")
    return Cell(_("in step"), "good")


def action_text(change: ChangeLine) -> str:
    """What a change does."""
    match change.kind:
        case OperationKind.MOVE:
            return _("move to {folder}").format(folder=folder_word(change.target, change.target_role))
        case OperationKind.DELETE:
            return _("delete for good")
        case OperationKind.APPEND:
            return _("store in {folder}").format(folder=folder_word(change.folder, change.folder_role))
        case OperationKind.FLAGS:
            return ", ".join(_flag_text(flag) for flag in change.flags)


def _flag_text(flag: str) -> str:
    texts = {
        "+\\Seen": _("read"),
        "-\\Seen": _("unread"),
        "+\\Flagged": _("important"),
        "-\\Flagged": _("not important"),
        "+\\Answered": _("answered"),
    }
    return texts.get(flag, flag)


def _change_line(change: ChangeLine, now: datetime) -> Line:
    state = Cell(_("waits"), "quiet")
    if change.refused:
        state = Cell(_("refused: {why}").format(why=told_error(change.error)), "error")
    elif change.error:
        state = Cell(
            _("again {time}: {why}").format(time=_time(change.due_at, now), why=told_error(change.error)),
            "warning",
        )
    elif change.state is OperationState.RUNNING:
        state = Cell(_("on its way"), "quiet")
    action = fit("    " + action_text(change), ACTION)
    subject = fit(subject_word(change.subject), SUBJECT)
    return Line(("change", change.id), (Cell(action), Cell(subject), state), wide=True)


def _time(seconds: int, now: datetime) -> str:
    return short_date(datetime.fromtimestamp(seconds, UTC).astimezone(now.tzinfo), now)


def _long_time(seconds: int, now: datetime) -> str:
    return long_date(datetime.fromtimestamp(seconds, UTC).astimezone(now.tzinfo))


def mailbox_story(mailbox: MailboxLine, now: datetime) -> list[str]:
    """All there is to say of a mailbox."""
    lines = [f"{clean_line(mailbox.name)}   {clean_line(mailbox.address)}"]
    if mailbox.error:
        lines.append(told_error(mailbox.error))
    if mailbox.synced_at is not None:
        lines.append(_("Last synced as a whole: {time}").format(time=_long_time(mailbox.synced_at, now)))
    else:
        lines.append(_("Not synced as a whole yet."))
    if mailbox.folders and (lacks := lacking(folder.role for folder in mailbox.folders)):
        text = _("No folder for {roles}: e creates or chooses one.")
        lines.append(text.format(roles=", ".join(map(role_word, lacks))))
    return lines


def folder_story(folder: FolderLine, now: datetime) -> list[str]:
    """All there is to say of a folder."""
    lines = [clean_line(folder.name)]
    if not folder.synced:
        return [*lines, _("This folder was not chosen and is not synced.")]
    if folder.last_error:
        lines.append(_("Last error: {error}").format(error=told_error(folder.last_error)))
    if folder.last_success:
        lines.append(_("Last read: {time}").format(time=_long_time(folder.last_success, now)))
    if folder.skipped:
        text = ngettext(
            "{n} mail could not be taken over; Enter shows why.",
            "{n} mails could not be taken over; Enter shows why.",
            folder.skipped,
        )
        lines.append(text.format(n=number(folder.skipped)))
    return lines


def change_story(change: ChangeLine, now: datetime) -> list[str]:
    """All there is to say of a change."""
    lines = [
        f"{action_text(change)}:  {subject_word(clean_line(change.subject))}   {clean_line(change.sender)}"
    ]
    if change.error:
        lines.append(told_error(change.error))
    if change.refused:
        lines.append(_("The server has refused it. You can try it again or take it back."))
    elif change.error:
        lines.append(_("Next attempt: {time}").format(time=_long_time(change.due_at, now)))
    else:
        lines.append(_("It has not reached the server yet."))
    return lines

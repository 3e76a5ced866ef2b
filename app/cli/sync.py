"""`postkorb sync`: one full pass over the accounts, told folder by folder."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.cli.front import Front, front_of
from app.cli.options import Json
from app.cli.output import NARROW, decimal, print_json, say, write_line
from app.cli.parser import Verb, alone
from app.domain.errors import told_again
from app.domain.text import clean_line, fit
from app.language import _, ngettext
from app.widgets.words import number

if TYPE_CHECKING:
    from app.domain.mail.sync import FolderReport, MailboxReport
    from app.services.sync.run import Course

app = alone()
_PROGRESS_SECONDS = 0.5


@app.command(cls=Verb)
def sync(
    ctx: typer.Context,
    names: Annotated[
        list[str] | None, typer.Argument(metavar="NAME", help="The accounts; all without a name.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Fetch new mail and carry out what waits, once. It may be interrupted at any point and goes on next time."""
    from app.services.sync.folder import Interrupted
    from app.services.sync.run import Course, sync_once

    front, course = front_of(ctx), Course()
    front.keep_log()
    try:
        with _interruptible(course), _progress(front, course):
            reports = sync_once(front.store, front.home, front.now, names or (), course)
    except Interrupted as ended:
        say(_("Ended before it was done; the next sync goes on where this one stopped."))
        raise typer.Exit(1) from ended
    if as_json:
        print_json({"mailboxes": [_mailbox(report) for report in reports]})
    else:
        _tell(reports)
    if not all(report.done for report in reports):
        raise typer.Exit(1)


def _mailbox(report: MailboxReport) -> dict[str, Any]:
    return {
        "name": report.name,
        "error": report.error or None,
        "folders": [_folder(folder) for folder in report.folders],
    }


def _folder(folder: FolderReport) -> dict[str, Any]:
    return {
        "name": folder.name,
        "new": folder.new,
        "changed": folder.changed,
        "gone": folder.gone,
        "skipped": [{"uid": mail.uid, "reason": mail.reason} for mail in folder.skipped],
        "seconds": folder.seconds,
        "error": folder.error or None,
    }


def _tell(reports: list[MailboxReport]) -> None:
    if not reports:
        say(_("There is no account yet. postkorb account add sets one up."))
    for report in reports:
        if report.error:
            write_line(f"{report.name}: {_('WRONG')}: {told_again(report.error)}")
            continue
        happened = [folder for folder in report.folders if _has_news(folder)]
        if not happened:
            write_line(f"{report.name}: {_('nothing new')}")
        for folder in happened:
            _tell_folder(report.name, folder)


def _has_news(folder: FolderReport) -> bool:
    return bool(folder.new or folder.changed or folder.gone or folder.skipped or folder.error)


def _tell_folder(mailbox: str, folder: FolderReport) -> None:
    counts = (
        (folder.new, _("new")),
        (folder.changed, _("changed")),
        (folder.gone, _("gone")),
        (folder.linked, _("linked with their thread")),
        (len(folder.skipped), _("skipped")),
    )
    told = ", ".join(f"{number(count)} {word}" for count, word in counts if count)
    error = f"{_('WRONG')}: {told_again(folder.error)}" if folder.error else ""
    write_line(
        f"{mailbox}/{folder.name}: {', '.join(filter(None, (told, error)))} ({decimal(folder.seconds)} s)"
    )
    for mail in folder.skipped:
        write_line(f"    UID {mail.uid}: {told_again(mail.reason)}")


@contextmanager
def _interruptible(course: Course) -> Iterator[None]:
    """Let ctrl+c end the sync between two batches, so that the next one need not wait for this one's leases; a second one
    ends the process at once, as SIGKILL may: what is in the store by then is whole."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(_number: int, _frame: object) -> None:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        course.stop.set()

    before = signal.signal(signal.SIGINT, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def _progress(front: Front, course: Course) -> Iterator[None]:
    """Show on a terminal how far the sync is, on one line that is written again and again; elsewhere nothing."""
    if not sys.stderr.isatty():
        yield
        return
    from app.services.accounts.accounts import accounts

    def total() -> int:
        return sum(row.total for row in accounts(front.store))

    over, before = threading.Event(), total()

    def show() -> None:
        while not over.wait(_PROGRESS_SECONDS):
            text = fit(clean_line(_so_far(course, total() - before)), _terminal_width() - 1).rstrip()
            sys.stderr.write(f"\r{text}\x1b[K")
            sys.stderr.flush()
        sys.stderr.write("\r\x1b[K")
        front.store.leave()

    thread = threading.Thread(target=show, daemon=True, name="progress")
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _terminal_width() -> int:
    try:
        return os.get_terminal_size(sys.stderr.fileno()).columns or NARROW
    except OSError:
        return NARROW


def _so_far(course: Course, new: int) -> str:
    """How far a sync is, in the rep's language. `new`: mails that have come."""
    if course.stop.is_set():
        return _("It is being ended; Ctrl+C again ends it at once.")
    expected = course.expected
    if expected and new >= 0:
        text = ngettext("{n} of {total} mail fetched", "{n} of {total} mails fetched", expected)
        return text.format(n=number(min(new, expected)), total=number(expected))
    if new > 0:
        return ngettext("{n} new mail", "{n} new mails", new).format(n=number(new))
    if course.waits_for_another:
        names = ", ".join(sorted(course.waits_for_another))
        return _("Another Postkorb is syncing {names}; its end is waited for …").format(names=names)
    return _("The servers are asked what is new …")

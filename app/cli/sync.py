"""`postkorb sync`: one full pass over the accounts, told folder by folder."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.cli.front import Front, front_of
from app.cli.output import decimal, print_json, say, write_line
from app.cli.parser import Verb, alone
from app.domain.errors import told_again
from app.language import _

if TYPE_CHECKING:
    from app.domain.sync import FolderReport, MailboxReport

app = alone()
_PROGRESS_SECONDS = 0.5


@app.command(cls=Verb)
def sync(
    ctx: typer.Context,
    names: Annotated[
        list[str] | None, typer.Argument(metavar="NAME", help="The accounts; all without a name.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Fetch new mail and carry out what waits, once. It may be interrupted at any point and goes on next time."""
    from app.services.sync.run import sync_once

    front = front_of(ctx)
    with _interruptible(), _progress(front):
        reports = sync_once(front.store, front.home, front.now, names or ())
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
    told = ", ".join(f"{count} {word}" for count, word in counts if count)
    error = f"{_('WRONG')}: {told_again(folder.error)}" if folder.error else ""
    write_line(
        f"{mailbox}/{folder.name}: {', '.join(filter(None, (told, error)))} ({decimal(folder.seconds)} s)"
    )
    for mail in folder.skipped:
        write_line(f"    UID {mail.uid}: {told_again(mail.reason)}")


@contextmanager
def _interruptible() -> Iterator[None]:
    """Let ctrl+c end the process at once, as SIGKILL may: what is in the store by then is whole."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_DFL)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def _progress(front: Front) -> Iterator[None]:
    """Show on a terminal how many mails there are by now."""
    if not sys.stderr.isatty():
        yield
        return
    from app.services.reading.reader import MailReader

    reader = MailReader(front.store)
    over = threading.Event()

    def show() -> None:
        before = reader.totals().total
        while not over.wait(_PROGRESS_SECONDS):
            total = reader.totals().total
            text = _("{total} mails, {new} new").format(total=total, new=total - before)
            sys.stderr.write(f"\r{text}\x1b[K")
            sys.stderr.flush()
        sys.stderr.write("\r\x1b[K")

    thread = threading.Thread(target=show, daemon=True, name="progress")
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()

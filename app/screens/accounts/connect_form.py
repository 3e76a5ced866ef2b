"""The form on which a mailbox is connected: what is typed is tried, and what is wrong is said; it keeps nothing."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.widget import Widget
from textual.widgets import Input, Static

from app.domain.errors import PostkorbError
from app.domain.mail.accounts import Mailbox
from app.domain.mail.messages import RemoteFolder
from app.domain.text import clean_line
from app.language import _
from app.screens.accounts.connect_fields import (
    NOTE,
    FormField,
    WrongField,
    fields_for,
    is_reached_alike,
    mailbox_of,
)
from app.screens.dialogs.boxes import Dialog, plain
from app.services.triage import Store
from app.widgets.bar import Bar, Item
from app.widgets.field import Field
from app.widgets.key_names import key_name

if TYPE_CHECKING:
    from app.services.accounts.check import Step
    from app.settings import Home

T = TypeVar("T")
INSIST = "ctrl+s"


@dataclass(frozen=True, slots=True)
class Tried:
    """A mailbox to keep. `folders`: what the server lists; None: it did not work, and the rep wants it all the same."""

    draft: Mailbox
    password: str
    folders: Sequence[RemoteFolder] | None


@dataclass(frozen=True, slots=True)
class Wrong:
    """What does not work: the field that it is about, and the one that the rep will change."""

    problem: PostkorbError
    about: str
    field: str


def _widget(field: FormField) -> Widget:
    name = f"field-{field.name}"
    if field.name == NOTE:
        from app.widgets.note_field import NoteField

        return NoteField(field.value, id=name)
    secret = field.name == "password"
    return Field(field.value, field.hint, password=secret, select_on_focus=True, id=name)


def aside(work: Callable[[], T]) -> Future[T]:
    """Have something done that may hang for a minute, in a thread that does not hold up the end of the app."""
    future: Future[T] = Future()
    future.set_running_or_notify_cancel()  # whoever stops waiting must not take away where the answer goes

    def run() -> None:
        try:
            future.set_result(work())
        except BaseException as error:  # noqa: BLE001 - it belongs to whoever waits for the answer
            future.set_exception(error)

    threading.Thread(target=run, daemon=True, name="try").start()
    return future


class ConnectForm(Dialog[Tried]):
    """Enter tries the connection."""

    def __init__(self, store: Store, home: Home, mailbox: Mailbox | None = None) -> None:
        """`mailbox`: one that is connected, and is to be reached in another way."""
        line = _("The connection is tried first; nothing is kept before it works.")
        title = (
            _("Change mailbox {mailbox}").format(mailbox=mailbox.name) if mailbox else _("Connect a mailbox")
        )
        super().__init__(title, line, enter=_("try it"))
        self._store = store
        self._home = home
        self._mailbox = mailbox
        self._fields = fields_for(mailbox)
        self._guessed: dict[str, str] = {}
        self._trying = False
        self._failed = False

    def body(self) -> ComposeResult:
        with VerticalScroll(id="fields", can_focus=False):
            for field in self._fields:
                with Horizontal(classes="form-line -note" if field.name == NOTE else "form-line"):
                    yield Static(plain(field.label), classes="label")
                    yield _widget(field)

    def keys(self) -> list[tuple[str, str]]:
        done, cancel = super().keys()
        insist = [(key_name(INSIST), _("keep it all the same"))] if self._failed else []
        return [done, *insist, cancel, (key_name("tab"), _("next field"))]

    def _field(self, name: str) -> Any:
        return self.query_exactly_one(f"#field-{name}", Widget)

    def _text(self, name: str) -> str:
        return str(self._field(name).value).strip()

    def on_input_changed(self, event: Input.Changed) -> None:
        if event.input.id != "field-address" or self._mailbox is not None:
            return
        local, at, domain = self._text("address").partition("@")
        guesses = {"name": local}
        if at and "." in domain:
            guesses |= {
                "source": f"imaps://{local}@imap.{domain}",
                "outgoing": f"smtps://{local}@smtp.{domain}",
            }
        for name, guess in guesses.items():
            if self._text(name) in ("", self._guessed.get(name)):
                self._field(name).value = self._guessed[name] = guess

    def on_key(self, event: events.Key) -> None:
        ways = {"tab": 1, "shift+tab": -1}
        fields = [self._field(field.name) for field in self._fields]
        if self.focused is not self._field(NOTE):
            ways |= {"down": 1, "up": -1}
        if event.key in ways:
            event.stop()
            event.prevent_default()
            place = fields.index(self.focused) if self.focused in fields else -1
            fields[(place + ways[event.key]) % len(fields)].focus()
        elif event.key == INSIST and self._failed:
            event.stop()
            event.prevent_default()
            self._try(insist=True)

    # -- trying

    def answer(self) -> None:
        """Nothing yet: the answer comes when the connection works."""
        self._try(insist=False)

    def _try(self, *, insist: bool) -> None:
        """Close with what was typed if it works; to `insist` is to be content with what can be kept."""
        draft = None if self._trying else self._draft()
        if draft is None:
            return
        self._trying = True
        insist = insist or self._is_about_sending_only(draft)
        if not insist:
            self._tell(_("The connection is being tried …"))
        password, loop = self._field("password").value, asyncio.get_running_loop()

        worked: list[str] = []

        def tell(step: Step) -> None:
            worked.append(step.part.value)
            loop.call_soon_threadsafe(self._step_done, step.part.value)

        def work() -> Sequence[RemoteFolder] | Wrong | None:
            from app.services.accounts import connecting

            try:
                if not insist:
                    return connecting.try_connection(self._store, self._home, draft, password, tell)
                connecting.usable(self._store, draft)
            except PostkorbError as problem:
                fields = connecting.fields_of(draft, problem, outgoing="folders" in worked)
                return Wrong(problem, *fields)
            return None

        async def wait() -> None:
            found = await asyncio.wrap_future(aside(work))
            self._trying = False
            if not isinstance(found, Wrong):
                self.leave(Tried(draft, password, found))
            elif self.is_open:
                self._failed = True
                self._tell_problem(found)

        self.run_worker(wait(), exit_on_error=True)

    def _is_about_sending_only(self, draft: Mailbox) -> bool:
        """Whether what has changed, such as the signature, has nothing to do with the servers: they need not answer."""
        before = self._mailbox
        return (
            before is not None
            and draft != before
            and is_reached_alike(draft, before)
            and not self._field("password").value
        )

    def _draft(self) -> Mailbox | None:
        """What was typed; None if a field cannot be used, which is told."""
        typed = {field.name: self._field(field.name).value for field in self._fields}
        try:
            return mailbox_of(typed, self._mailbox)
        except WrongField as wrong:
            self._field(wrong.field).focus()
            self._tell(wrong.told, wrong=True)
            return None

    def _step_done(self, part: str) -> None:
        if self._trying and self.is_open:
            done = {
                "source": _("Signed in. The folders are being read …"),
                "folders": _("Folders read. The outgoing server is being tried …"),
            }
            if part in done:
                self._tell(done[part])

    def _tell_problem(self, wrong: Wrong) -> None:
        from app.services.accounts.connecting import advice, cause

        about = clean_line(cause(wrong.problem))
        title = _(wrong.problem.title) + (f": {about}" if about else "")
        parts = (f"{self._label_of(wrong.about)}: {title}", advice(wrong.problem))
        self._field(wrong.field).focus()
        self._tell("\n".join(filter(None, parts)), wrong=True)
        keys = self.query_exactly_one(".keys", Bar)
        keys.items = [Item(text, "quiet", rank, key=key) for rank, (key, text) in enumerate(self.keys())]

    def _label_of(self, name: str) -> str:
        return next(field.label for field in self._fields if field.name == name)

    def _tell(self, text: str, *, wrong: bool = False) -> None:
        line = self.query_exactly_one("#line", Static)
        line.update(plain(text))
        line.set_class(wrong, "error")

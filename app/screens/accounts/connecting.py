"""The way from "no mailbox" to mail: the form, the choice of folders, and then the mailbox is kept; also its removal."""

from __future__ import annotations

from app.domain.mail.accounts import FolderChoice, Mailbox, Unsent
from app.language import _
from app.screens.accounts.connect_form import ConnectForm, Tried, aside
from app.screens.accounts.folders_form import FoldersForm
from app.screens.dialogs.boxes import Confirm
from app.screens.working import DeskPlace
from app.services.accounts.connecting import (
    connect,
    disconnect,
    reconnect,
    replan,
    settings_of,
    unsent_of,
)
from app.services.accounts.folders import FolderPlan, change_folders, default_choice


def connect_mailbox(place: DeskPlace) -> None:
    """Ask for a mailbox, try it, let its folders be chosen and keep it."""
    desk = place.desk
    store, home = desk.store, desk.home
    if store is None or home is None:
        return

    def keep(tried: Tried, plan: FolderPlan | None) -> None:
        now, folders = desk.clock(), tried.folders or ()

        def after(mailbox: Mailbox) -> None:
            text = _("{mailbox} is connected and is being synced.") if plan else _("{mailbox} is kept.")
            place.say(text.format(mailbox=mailbox.name))

        if plan and plan.made:
            place.say(_("The folders are being created …"), "text")
        place.then(
            aside(lambda: connect(store, home, tried.draft, tried.password, now, folders, plan)), after
        )

    def choose(tried: Tried | None) -> None:
        if tried is None:
            return
        if tried.folders is None:
            keep(tried, None)
            return
        title = _("{mailbox}: the connection works").format(mailbox=tried.draft.name)
        form = FoldersForm(title, default_choice(tried.folders), None, enter=_("sync"))
        place.app.push_screen(form, lambda plan: keep(tried, plan) if plan is not None else None)

    place.app.push_screen(ConnectForm(store, home), choose)


def change_mailbox(place: DeskPlace, mailbox_id: int) -> None:
    """Let a mailbox be reached in another way: its servers, its password, its name."""
    desk = place.desk
    store, home = desk.store, desk.home
    if store is None or home is None:
        return

    def keep(tried: Tried | None) -> None:
        if tried is not None:
            text = _("{mailbox} is changed and is being synced.").format(mailbox=tried.draft.name)
            place.then(
                aside(lambda: reconnect(store, home, tried.draft, tried.password, desk.clock)),
                lambda _done: place.say(text),
            )

    def ask(found: tuple[Mailbox, list[FolderChoice]]) -> None:
        place.app.push_screen(ConnectForm(store, home, found[0]), keep)

    place.read(lambda: settings_of(store, mailbox_id), ask)


def edit_mailbox(place: DeskPlace, mailbox_id: int) -> None:
    """Let the folders of a mailbox be chosen anew."""
    desk, store, home = place.desk, place.desk.store, place.desk.home
    if store is None:
        return

    def ask(found: tuple[Mailbox, list[FolderChoice]]) -> None:
        mailbox, folders = found

        def after(_done: None) -> None:
            place.say(_("{mailbox} is being synced.").format(mailbox=mailbox.name))

        def answer(plan: FolderPlan | None) -> None:
            now = desk.clock()
            if plan is not None and plan.made and home is not None:
                place.say(_("The folders are being created …"), "text")
                place.then(aside(lambda: replan(store, home, mailbox_id, plan, desk.clock)), after)
            elif plan is not None:
                place.write(lambda: change_folders(store, mailbox_id, plan, now), after)

        title = _("Folders of {mailbox}").format(mailbox=mailbox.name)
        days, can_make = mailbox.fetch_days, home is not None
        form = FoldersForm(title, folders, days, enter=_("store"), can_make=can_make)
        place.app.push_screen(form, answer)

    place.read(lambda: settings_of(store, mailbox_id), ask)


def remove_mailbox(place: DeskPlace, mailbox_id: int, name: str) -> None:
    """Take a mailbox away after a question."""
    desk = place.desk
    store, home = desk.store, desk.home
    if store is None or home is None:
        return

    def remove(unsent: Unsent) -> None:
        place.say(_("{mailbox} is being removed …").format(mailbox=name), "text")
        place.then(
            aside(lambda: disconnect(store, home, mailbox_id, desk.clock, drop_unsent=bool(unsent))),
            lambda _done: place.say(_("{mailbox} is removed.").format(mailbox=name)),
        )

    def ask(unsent: Unsent) -> None:
        line = _(
            "Its mail leaves this machine and stays on the server; mail with links, comments or marks stays here."
        )
        if unsent:
            line += "\n" + _("Not on the server yet: {what}.").format(what=unsent.told)
        box = Confirm(_("Remove mailbox {mailbox}?").format(mailbox=name), line, enter=_("remove"))
        again = Confirm(
            _("Throw away what is not on the server?"),
            _("{what}: this cannot be brought back.").format(what=unsent.told),
            enter=_("throw away"),
        )

        def answer(yes: bool | None) -> None:
            if yes and unsent:
                place.app.push_screen(again, lambda sure: remove(unsent) if sure else None)
            elif yes:
                remove(unsent)

        place.app.push_screen(box, answer)

    place.read(lambda: unsent_of(store, mailbox_id), ask)

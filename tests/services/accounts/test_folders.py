"""Folders that a server lacks are made there, and what a folder is for is said by hand; IMAP and Maildir alike."""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.domain.errors import BadInput, Refused
from app.domain.mail.accounts import Mailbox, SecretPlace
from app.domain.mail.messages import Role
from app.domain.mail.operations import FlagsChange
from app.language import _, use_language
from app.mail.errors import ConnectionFailed, FolderMissing
from app.mail.maildir.tree import make_maildir
from app.services.accounts.accounts import AccountExists
from app.services.accounts.connecting import connect, replan
from app.services.accounts.folders import (
    FolderNotMade,
    FolderPlan,
    default_choice,
    make_folders,
    roles_by_hand,
    set_roles,
)
from app.services.sync import held
from app.services.sync.held import lease_name
from app.services.sync.run import sync_once
from app.settings import Home
from app.store.database import Store
from app.store.mail.mailboxes import add_mailbox, folder_choices, mailbox_by_id
from app.store.sync.lease import drop_lease, new_owner, take_lease
from tests.servers.dovecot import Dovecot, dovecot, ok
from tests.services.sync.conftest import mail
from tests.services.sync.test_watch import until
from tests.store.invariants import check

NAMES = {Role.SENT: "Gesendet", Role.TRASH: "Papierkorb", Role.ARCHIVE: "Archiv", Role.JUNK: "Spam"}


@pytest.fixture(autouse=True)
def _german() -> None:
    """Folders that are made are called so."""
    use_language("de")


@pytest.fixture(scope="module")
def plain_server() -> Iterator[Dovecot]:
    with dovecot(bare=True) as running:
        yield running


@pytest.fixture(scope="module")
def server_with_prefix() -> Iterator[Dovecot]:
    with dovecot(bare=True, separator=".", prefix="INBOX.") as running:
        yield running


@dataclass
class Desk:
    """A store whose one mailbox has no folder beside its inbox."""

    store: Store
    home: Home
    mailbox: Mailbox

    def sync(self) -> None:
        (report,) = sync_once(self.store, self.home, clock)
        assert not report.error
        assert check(self.store) is None

    def roles(self) -> dict[str, Role]:
        return {folder.name: folder.role for folder in folder_choices(self.store.read, self.mailbox.id)}

    def folders(self) -> dict[str, tuple[int, bool]]:
        """Number and whether it is synced, by path, of those that are not gone."""
        return {
            folder.path: (folder.id, folder.synced)
            for folder in folder_choices(self.store.read, self.mailbox.id)
        }

    def say(self, roles: dict[Role, str], *, create: bool = False) -> None:
        set_roles(self.store, self.mailbox, roles, secret, clock, create=create)


def clock() -> datetime:
    return datetime.now(UTC)


def secret(_mailbox: Mailbox) -> str:
    return "geheim"


def opened(folder: Path, source: str) -> Desk:
    home = Home(folder)
    store = Store(home.database)
    draft = Mailbox(
        "vertrieb", "v@firma.example", source, secret=SecretPlace.COMMAND, password_command="echo geheim"
    )
    with store.write() as tx:
        number = add_mailbox(tx, draft)
    mailbox = mailbox_by_id(store.read, number)
    assert mailbox is not None
    return Desk(store, home, mailbox)


@pytest.fixture(params=["plain_server", "server_with_prefix", "maildir++", "nested"])
def desk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Desk]:
    if "server" in request.param:
        running: Dovecot = request.getfixturevalue(request.param)
        source = running.url(user=running.new_user())
    else:
        root = tmp_path / "post"
        make_maildir(root if request.param == "maildir++" else root / "INBOX")
        source = f"maildir://{root}"
    made = opened(tmp_path / "home", source)
    yield made
    made.store.close()


def test_what_a_mailbox_lacks_is_made_and_used(desk: Desk) -> None:
    desk.sync()
    assert desk.roles() == {"INBOX": Role.INBOX}
    inbox = folder_choices(desk.store.read, desk.mailbox.id)[0].path
    plan = FolderPlan(frozenset({inbox}), {}, None, tuple(NAMES))
    replan(desk.store, desk.home, desk.mailbox.id, plan, clock)
    made = {"INBOX": Role.INBOX} | {name: role for role, name in NAMES.items()}
    assert desk.roles() == made
    assert all(folder.synced for folder in folder_choices(desk.store.read, desk.mailbox.id))
    desk.sync()
    assert desk.roles() == made
    assert roles_by_hand(desk.store.read, desk.mailbox.id) == {}  # its name tells


def test_a_mailbox_is_connected_with_the_folders_that_it_lacks(desk: Desk) -> None:
    draft = Mailbox("service", "s@firma.example", desk.mailbox.source, password_command="echo geheim")
    listed = make_folders(draft, "geheim", {}).listed
    chosen = frozenset(folder.path for folder in default_choice(listed))
    plan = FolderPlan(chosen, made=(Role.SENT, Role.TRASH))
    mailbox = connect(desk.store, desk.home, draft, "", clock(), listed, plan)
    found = {
        folder.name: (folder.role, folder.synced) for folder in folder_choices(desk.store.read, mailbox.id)
    }
    assert found == {
        "INBOX": (Role.INBOX, True),
        "Gesendet": (Role.SENT, True),
        "Papierkorb": (Role.TRASH, True),
    }


def test_a_folder_gets_a_role_by_its_name_and_loses_it_again(desk: Desk) -> None:
    desk.say({Role.SENT: "Ausgang", Role.ARCHIVE: "Ablage/2026"}, create=True)
    desk.sync()
    assert desk.roles()["Ausgang"] is Role.SENT
    assert desk.roles()["Ablage/2026"] is Role.ARCHIVE
    desk.say({Role.SENT: "Ablage/2026", Role.ARCHIVE: ""})
    desk.sync()
    assert desk.roles()["Ablage/2026"] is Role.SENT
    assert Role.ARCHIVE not in desk.roles().values()


def test_a_folder_that_is_nowhere_is_told_and_not_made_unasked(desk: Desk) -> None:
    with pytest.raises(FolderMissing, match="Ausgang"):
        desk.say({Role.SENT: "Ausgang"})
    desk.sync()
    assert "Ausgang" not in desk.roles()


def test_a_folder_that_came_to_the_server_meanwhile_is_found_there(desk: Desk) -> None:
    desk.sync()
    make_folders(desk.mailbox, "geheim", {Role.SENT: "Ausgang"})
    desk.say({Role.SENT: "Ausgang"})
    assert desk.roles()["Ausgang"] is Role.SENT


def test_a_folder_that_cannot_be_made_is_named_and_the_others_are_kept(desk: Desk) -> None:
    with pytest.raises(FolderNotMade, match="Archiv//2026"):
        desk.say({Role.SENT: "Ausgang", Role.ARCHIVE: "Archiv//2026"}, create=True)
    assert desk.roles()["Ausgang"] is Role.SENT


def test_all_folders_that_cannot_be_made_are_told_each_with_its_cause_in_the_language_of_the_rep(
    desk: Desk,
) -> None:
    with pytest.raises(FolderNotMade) as told:
        desk.say({Role.SENT: "Post//Aus", Role.ARCHIVE: "Archiv//2026"}, create=True)
    english = "this is no name of a folder"
    german = _(english)
    assert german != english
    assert str(told.value).endswith(f": Post//Aus: {english}: ''; Archiv//2026: {english}: ''")
    again: FolderNotMade = pickle.loads(pickle.dumps(told.value))
    for error in (told.value, again):
        assert error.told_cause == f"Post//Aus: {german}: ''; Archiv//2026: {german}: ''"
    with pytest.raises(FolderMissing, match="Ausgang, Ablage"):
        desk.say({Role.SENT: "Ausgang", Role.ARCHIVE: "Ablage"})


def test_a_folder_that_can_hold_no_mail_gets_no_role(desk: Desk) -> None:
    desk.sync()
    with desk.store.write() as tx:
        tx.run(
            "INSERT INTO folder (mailbox_id, path, name, role, selectable) VALUES (?, 'Ablage', 'Ablage', '', 0)",
            (desk.mailbox.id,),
        )
    with pytest.raises(FolderMissing, match="Ablage"):
        desk.say({Role.SENT: "Ablage"})
    assert desk.roles()["Ablage"] is Role.NONE


def test_folders_are_made_only_when_nobody_else_works_on_the_mailbox(desk: Desk) -> None:
    desk.sync()
    worker, name = new_owner(), lease_name(desk.mailbox.id)
    assert take_lease(desk.store, name, worker, 60, clock().timestamp())
    with pytest.raises(Refused):
        desk.say({Role.SENT: "Ausgang"}, create=True)
    assert "Ausgang" not in desk.roles()
    drop_lease(desk.store, name, worker)
    desk.say({Role.SENT: "Ausgang"}, create=True)
    assert desk.roles()["Ausgang"] is Role.SENT


@pytest.mark.parametrize("way", ["roles", "plan"])
def test_a_folder_renamed_meanwhile_is_left_to_the_next_pass(
    plain_server: Dovecot, tmp_path: Path, way: str
) -> None:
    user = plain_server.new_user()
    desk = opened(tmp_path, plain_server.url(user=user))
    plain_server.create("Kunden", user=user)
    plain_server.create("Privat", user=user)
    plain_server.deliver(mail(1), folder="Kunden", user=user)
    plain_server.deliver(mail(2), folder="Privat", user=user)
    desk.sync()
    with desk.store.write() as tx:
        tx.run("UPDATE folder SET synced = 0 WHERE name = 'Privat'")
        tx.run(
            """INSERT INTO operation (mailbox_id, folder_id, copy_id, message_id, uid, kind, arguments)
  SELECT folder.mailbox_id, folder.id, mail_copy.id, message_id, uid, 'flags', ? FROM mail_copy
  JOIN folder ON folder.id = folder_id WHERE folder.name = 'Kunden'""",
            (FlagsChange(("\\Seen",)).to_json(),),
        )
    with plain_server.client(user, "INBOX") as elsewhere:
        for name in ("Kunden", "Privat"):
            ok(elsewhere.rename(name, f"{name}-alt"))
    before = desk.folders()
    if way == "roles":
        desk.say({Role.SENT: "Gesendet"}, create=True)
    else:
        chosen = frozenset(path for path, (_id, synced) in before.items() if synced)
        replan(desk.store, desk.home, desk.mailbox.id, FolderPlan(chosen, made=(Role.SENT,)), clock)
    after = desk.folders()
    assert {path: after[path] for path in before} == before
    assert after.keys() - before.keys() == {"Gesendet"}
    assert desk.store.read.value("SELECT count(*) FROM operation") == 1  # what was to be done still is
    assert desk.store.read.value("SELECT sync_wanted FROM mailbox")
    desk.sync()
    followed = desk.folders()
    assert followed["Kunden-alt"] == before["Kunden"]
    assert followed["Privat-alt"] == before["Privat"]
    desk.store.close()


def test_a_holder_that_died_on_another_machine_is_waited_out(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.sync()
    over = clock().timestamp() - 90
    assert take_lease(desk.store, lease_name(desk.mailbox.id), "another-machine 1 0a", 60, over)
    monkeypatch.setattr(held, "LEASE_SECONDS", 0.5)  # for as long it is looked at before it counts as dead
    desk.say({Role.SENT: "Ausgang"}, create=True)
    assert desk.roles()["Ausgang"] is Role.SENT


def test_the_mailbox_stays_ours_while_its_password_is_asked_for(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(held, "LEASE_RENEWAL", 0.05)
    ends = "SELECT expires_at FROM lease WHERE name = ?"
    name = (lease_name(desk.mailbox.id),)

    def slowly(_mailbox: Mailbox) -> str:
        first = desk.store.read.value(ends, name)
        until(lambda: desk.store.read.value(ends, name) > first)
        return "geheim"

    set_roles(desk.store, desk.mailbox, {Role.SENT: "Ausgang"}, slowly, clock, create=True)
    assert desk.roles()["Ausgang"] is Role.SENT
    assert desk.store.read.value(ends, name) is None


def test_a_server_that_is_away_changes_nothing(tmp_path: Path) -> None:
    desk = opened(tmp_path, "imap+insecure://a@localhost:1")
    with pytest.raises(ConnectionFailed):
        replan(desk.store, desk.home, desk.mailbox.id, FolderPlan(frozenset(), {}, 30, (Role.SENT,)), clock)
    kept = mailbox_by_id(desk.store.read, desk.mailbox.id)
    assert kept is not None
    assert kept.fetch_days is None
    desk.store.close()


def test_a_mailbox_is_kept_although_its_server_went_before_the_folders_were_made(tmp_path: Path) -> None:
    store = Store(Home(tmp_path).database)
    draft = Mailbox("vertrieb", "v@firma.example", "imap+insecure://a@localhost:1")
    with pytest.raises(ConnectionFailed):
        connect(store, Home(tmp_path), draft, "x", clock(), (), FolderPlan(frozenset(), made=(Role.SENT,)))
    assert store.read.rows("SELECT name FROM mailbox") == [("vertrieb",)]
    store.close()


@pytest.mark.parametrize(("name", "outgoing"), [("vertrieb", ""), ("neu", "smtp://a@localhost:1")])
def test_a_mailbox_that_is_refused_leaves_its_server_as_it_was(
    tmp_path: Path, name: str, outgoing: str
) -> None:
    root = tmp_path / "post"
    make_maildir(root)
    desk = opened(tmp_path / "home", f"maildir://{root}")
    before = sorted(root.rglob("*"))
    draft = Mailbox(name, "v@firma.example", f"maildir://{root}", outgoing)
    plan = FolderPlan(frozenset(), made=(Role.SENT,))
    with pytest.raises((AccountExists, BadInput)):
        connect(desk.store, desk.home, draft, "", clock(), (), plan)
    assert sorted(root.rglob("*")) == before
    desk.store.close()

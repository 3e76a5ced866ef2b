"""Passwords come from a command, the keyring or an owner-only file, and are shown nowhere."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

import keyring
import keyring.backend
import keyring.backends.fail
import keyring.errors
import pytest

from app.domain.errors import BadInput
from app.domain.mail.accounts import Mailbox, SecretPlace
from app.services.accounts import secrets
from app.services.accounts.secrets import SecretExposed, Secrets, SecretUnavailable, command_output
from app.settings import Home


class MemoryKeyring(keyring.backend.KeyringBackend):
    priority = 5.0  # type: ignore[assignment]

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        if self.kept.pop((service, username), None) is None:
            raise keyring.errors.PasswordDeleteError("not there")


class LockedKeyring(MemoryKeyring):
    def set_password(self, service: str, username: str, password: str) -> None:
        raise keyring.errors.KeyringLocked("locked")

    def get_password(self, service: str, username: str) -> str | None:
        raise keyring.errors.KeyringLocked("locked")


@pytest.fixture(autouse=True)
def no_keyring() -> Iterator[None]:
    before = keyring.get_keyring()
    keyring.set_keyring(keyring.backends.fail.Keyring())
    yield
    keyring.set_keyring(before)


@pytest.fixture
def kept(tmp_path: Path) -> Secrets:
    return Secrets(Home(tmp_path / "home"))


def mailbox(place: SecretPlace, command: str = "") -> Mailbox:
    return Mailbox(
        name="vertrieb",
        address="vertrieb@firma.example",
        source="imaps://imap.firma.example",
        secret=place,
        password_command=command,
    )


def test_the_first_line_of_the_command_is_the_password(kept: Secrets) -> None:
    asked = mailbox(SecretPlace.COMMAND, "printf 'geh heim ß\\nuser: x\\n'")
    assert kept.secret_of(asked) == "geh heim ß"


def test_a_command_may_use_the_shell(kept: Secrets) -> None:
    assert kept.secret_of(mailbox(SecretPlace.COMMAND, "echo abc | tr a-c x-z")) == "xyz"


def test_a_failing_command_is_told_with_what_it_said(kept: Secrets) -> None:
    with pytest.raises(SecretUnavailable, match="ended with 3: gpg: no key"):
        kept.secret_of(mailbox(SecretPlace.COMMAND, "echo secret; echo 'gpg: no key' >&2; exit 3"))


def test_what_a_failing_command_printed_stands_in_no_error(kept: Secrets) -> None:
    with pytest.raises(SecretUnavailable) as caught:
        kept.secret_of(mailbox(SecretPlace.COMMAND, "echo hunter2; exit 1"))
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(
    ("command", "said"), [("true", "holds no password"), ("printf '\\377'", "not UTF-8")]
)
def test_a_command_without_a_usable_password_is_an_error(kept: Secrets, command: str, said: str) -> None:
    with pytest.raises(SecretUnavailable, match=said):
        kept.secret_of(mailbox(SecretPlace.COMMAND, command))


def test_a_command_that_hangs_is_ended_with_its_children(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(secrets, "COMMAND_SECONDS", 0.3)
    child = tmp_path / "child"
    with pytest.raises(SecretUnavailable, match="no answer"):
        command_output(f"sleep 60 & echo $! > {child}; wait")
    deadline = time.monotonic() + 10
    while alive(int(child.read_text())):
        assert time.monotonic() < deadline
        time.sleep(0.01)


def alive(pid: int) -> bool:
    """Whether the process runs; one that only waits to be reaped does not."""
    stat = Path(f"/proc/{pid}/stat")
    try:
        return stat.read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def test_without_a_keyring_the_password_lies_in_a_file_for_its_owner_only(kept: Secrets) -> None:
    place = kept.keep("vertrieb", "geheim")
    file = kept.file_of("vertrieb")
    assert place is SecretPlace.FILE
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.parent.stat().st_mode & 0o777 == 0o700
    assert kept.secret_of(mailbox(place)) == "geheim"
    assert list(file.parent.iterdir()) == [file]


def test_a_file_that_others_can_read_is_refused(kept: Secrets) -> None:
    place = kept.keep("vertrieb", "geheim")
    kept.file_of("vertrieb").chmod(0o640)
    with pytest.raises(SecretExposed):
        kept.secret_of(mailbox(place))


def test_a_link_in_place_of_the_file_is_refused(kept: Secrets, tmp_path: Path) -> None:
    place = kept.keep("vertrieb", "geheim")
    file = kept.file_of("vertrieb")
    file.rename(tmp_path / "elsewhere")
    file.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(SecretUnavailable):
        kept.secret_of(mailbox(place))


def test_a_forgotten_password_is_gone(kept: Secrets) -> None:
    place = kept.keep("vertrieb", "geheim")
    kept.forget(mailbox(place))
    kept.forget(mailbox(place))
    assert not kept.file_of("vertrieb").exists()
    with pytest.raises(SecretUnavailable):
        kept.secret_of(mailbox(place))


def test_a_keyring_keeps_the_password_if_there_is_one(kept: Secrets) -> None:
    keyring.set_keyring(MemoryKeyring())
    place = kept.keep("vertrieb", "geheim")
    assert place is SecretPlace.KEYRING
    assert not kept.file_of("vertrieb").exists()
    assert kept.secret_of(mailbox(place)) == "geheim"
    kept.forget(mailbox(place))
    kept.forget(mailbox(place))
    with pytest.raises(SecretUnavailable, match="holds none"):
        kept.secret_of(mailbox(place))


def test_two_installations_do_not_share_an_entry_of_the_keyring(tmp_path: Path) -> None:
    keyring.set_keyring(MemoryKeyring())
    one, two = Secrets(Home(tmp_path / "one")), Secrets(Home(tmp_path / "two"))
    one.keep("vertrieb", "eins")
    two.keep("vertrieb", "zwei")
    assert one.secret_of(mailbox(SecretPlace.KEYRING)) == "eins"


def test_a_keyring_that_refuses_leaves_the_password_to_the_file(kept: Secrets) -> None:
    keyring.set_keyring(LockedKeyring())
    assert kept.keep("vertrieb", "geheim") is SecretPlace.FILE
    with pytest.raises(SecretUnavailable, match="the keyring refused"):
        kept.secret_of(mailbox(SecretPlace.KEYRING))


@pytest.mark.parametrize("password", ["", "zwei\nZeilen"])
def test_a_password_is_one_line(kept: Secrets, password: str) -> None:
    with pytest.raises(BadInput):
        kept.keep("vertrieb", password)


@pytest.mark.parametrize("name", ["../vertrieb", "a/b", ".hidden", "", "x" * 65])
def test_no_name_leads_out_of_the_folder(kept: Secrets, name: str) -> None:
    with pytest.raises(BadInput):
        kept.keep(name, "geheim")


def test_a_mailbox_without_a_secret_has_an_empty_one(kept: Secrets) -> None:
    assert kept.secret_of(mailbox(SecretPlace.NONE)) == ""


def test_the_folder_of_files_stays_private_under_a_loose_umask(kept: Secrets) -> None:
    before = os.umask(0)
    try:
        kept.keep("vertrieb", "geheim")
    finally:
        os.umask(before)
    assert kept.file_of("vertrieb").stat().st_mode & 0o077 == 0

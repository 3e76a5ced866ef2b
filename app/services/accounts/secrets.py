"""Where passwords of mailboxes come from and go to: a command, the system keyring, or a file for its owner only.

No password is written to the store, to a log or into an error.
"""

from __future__ import annotations

import contextlib
import os
import signal
import stat
import subprocess
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from app.domain.errors import BadInput, PostkorbError
from app.domain.mail.accounts import Mailbox, SecretPlace, name_problem
from app.settings import Home

COMMAND_SECONDS = 90.0  # somebody may have to type the passphrase of a key first
KEYRING_SECONDS = 60.0
MAX_BYTES = 65_536
_SERVICE = "postkorb"
_SAID = 300  # characters of a command's complaint that are repeated

Answer = TypeVar("Answer")


class SecretUnavailable(PostkorbError):
    title = "The password could not be read"
    next_step = "`postkorb account change` takes another password or command, in the app `E` in the sync ledger (`g s`)."


class SecretExposed(PostkorbError):
    title = "Others can read the file with the password"
    next_step = "Change the password, and make the file readable for its owner only (chmod 600)."


class Secrets:
    """The passwords of one installation. Every method may wait for a command or the keyring: not for the event loop."""

    def __init__(self, home: Home) -> None:
        self._home = home

    def secret_of(self, mailbox: Mailbox) -> str:
        """The password, or an empty text where none is needed. Raises SecretUnavailable and SecretExposed."""
        match mailbox.secret:
            case SecretPlace.COMMAND:
                return command_output(mailbox.password_command)
            case SecretPlace.KEYRING:
                return self._from_keyring(mailbox.name)
            case SecretPlace.FILE:
                return read_private(self.file_of(mailbox.name))
            case SecretPlace.NONE:
                return ""

    def keep(self, name: str, password: str) -> SecretPlace:
        """Keep the password of the mailbox with this name: in the keyring if there is one, else in a file.

        Raises BadInput and OSError.
        """
        if not password or "\n" in password or "\r" in password:
            raise BadInput("a password is one line that is not empty")
        if keyring_usable():
            import keyring

            with contextlib.suppress(SecretUnavailable):  # then the file keeps it
                _ask_keyring(lambda: keyring.set_password(_SERVICE, self._user(name), password))
                return SecretPlace.KEYRING
        write_private(self.file_of(name), password)
        return SecretPlace.FILE

    def forget(self, mailbox: Mailbox) -> None:
        """Remove what `keep` has kept. Raises SecretUnavailable if the keyring does not answer, and OSError."""
        if mailbox.secret is SecretPlace.FILE:
            self.file_of(mailbox.name).unlink(missing_ok=True)
        elif mailbox.secret is SecretPlace.KEYRING:
            _ask_keyring(lambda: _delete_from_keyring(self._user(mailbox.name)))

    def file_of(self, name: str) -> Path:
        """The file that holds the password of the mailbox with this name, if a file does. Raises BadInput."""
        if problem := name_problem(name):
            raise BadInput(problem)
        return self._home.secrets / name

    def _from_keyring(self, name: str) -> str:
        import keyring

        password = _ask_keyring(lambda: keyring.get_password(_SERVICE, self._user(name)))
        if password is None:
            raise SecretUnavailable("the keyring holds none for {name}", name=name)
        return password

    def _user(self, name: str) -> str:
        """The same mailbox name in another installation is another entry."""
        return f"{name} ({self._home.data.absolute()})"


def keyring_usable() -> bool:
    """Whether this session has a keyring that keeps passwords encrypted and can be asked."""
    import keyring
    import keyring.core

    return bool(keyring.core.recommended(keyring.get_keyring()))


def command_output(command: str) -> str:
    """The first line that a shell command prints. Raises SecretUnavailable with what it says on standard error."""
    process = subprocess.Popen(  # noqa: S603 - the command is the one that the person configured
        ["/bin/sh", "-c", command],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,  # it can be ended with all that it started, and cannot draw over the screen
    )
    with process:
        try:
            output, complaint = process.communicate(timeout=COMMAND_SECONDS)
        except BaseException as error:
            os.killpg(process.pid, signal.SIGKILL)
            if isinstance(error, subprocess.TimeoutExpired):
                raise SecretUnavailable(
                    "the password command gave no answer within {n} s", n=round(COMMAND_SECONDS)
                ) from None
            raise
    if process.returncode != 0:
        said = complaint.decode("utf-8", "replace").strip()[:_SAID]
        ended = (
            "the password command ended with {code}: {said}"
            if said
            else "the password command ended with {code}"
        )
        raise SecretUnavailable(ended, code=process.returncode, said=said)
    return _first_line(output, "the password command")


def read_private(path: Path) -> str:
    """The first line of a file that only its owner may read. Raises SecretExposed and SecretUnavailable."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError as error:
        raise SecretUnavailable("{where}: {reason}", where=path, reason=error.strerror) from error
    with os.fdopen(descriptor, "rb") as file:
        about = os.fstat(descriptor)
        if not stat.S_ISREG(about.st_mode):
            raise SecretUnavailable("{file} is no file", file=path)
        if about.st_mode & 0o077 or about.st_uid != os.geteuid():
            raise SecretExposed(str(path))
        return _first_line(file.read(MAX_BYTES), str(path))


def write_private(path: Path, text: str) -> None:
    """Put `text` into a file for its owner only, whole or not at all. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f".{path.name}.new")
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(text.encode() + b"\n")
        file.flush()
        os.fsync(descriptor)
    draft.replace(path)


def _first_line(output: bytes, where: str) -> str:
    try:
        line = output.partition(b"\n")[0].decode().removesuffix("\r")
    except UnicodeDecodeError:
        raise SecretUnavailable("{reason} holds a password that is not UTF-8", reason=where) from None
    if not line:
        raise SecretUnavailable("{reason} holds no password", reason=where)
    return line


def _delete_from_keyring(user: str) -> None:
    import keyring
    import keyring.errors

    with contextlib.suppress(keyring.errors.PasswordDeleteError):  # it is not there any more
        keyring.delete_password(_SERVICE, user)


def _ask_keyring(ask: Callable[[], Answer]) -> Answer:
    """The answer of the keyring, which may wait for a dialog that nobody sees. Raises SecretUnavailable."""
    answers: list[Answer] = []
    failures: list[Exception] = []

    def run() -> None:
        try:
            answers.append(ask())
        except Exception as error:  # noqa: BLE001 - each backend has errors of its own; the caller gets it
            failures.append(error)

    thread = threading.Thread(target=run, daemon=True, name="keyring")
    thread.start()
    thread.join(KEYRING_SECONDS)
    if failures:
        raise SecretUnavailable("the keyring refused: {why}", why=failures[0]) from failures[0]
    if not answers:
        raise SecretUnavailable("the keyring gave no answer within {n} s", n=round(KEYRING_SECONDS))
    return answers[0]

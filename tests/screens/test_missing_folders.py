"""What a mailbox has no folder for is said when its folders are chosen, and made on the server when that is wanted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from app.mail.errors import CommandRefused
from app.mail.maildir.source import MaildirSource
from app.mail.maildir.tree import make_maildir
from app.screens.accounts.connect_form import ConnectForm
from app.screens.accounts.folders_form import FoldersForm
from app.screens.dialogs.boxes import MessageBox
from app.screens.ledger.screen import LedgerScreen
from app.screens.mail.screen import MailScreen
from app.settings import Home
from app.store.database import Store
from app.widgets.field import Field
from tests.screens.conftest import SIZES, Pictured, Seat
from tests.screens.rooms import furnished, opened_on, texts


@pytest.fixture
def post(tmp_path: Path) -> Path:
    """A Maildir that has an inbox only."""
    make_maildir(tmp_path / "post")
    return tmp_path / "post"


async def connected(seat: Seat, post: Path) -> None:
    """Type in a mailbox that works."""
    await seat.until(lambda: isinstance(seat.app.screen, ConnectForm) and seat.app.screen.query(Field))
    for name, value in {"address": "v@firma.example", "source": f"maildir://{post}", "outgoing": ""}.items():
        seat.app.screen.query_one(f"#field-{name}", Field).value = value
        await seat.pilot.pause()
    await seat.press("enter")
    await seat.until(lambda: isinstance(seat.app.screen, FoldersForm))


def lines(seat: Seat) -> list[str]:
    choices: Any = seat.app.screen.query_one("Choices")
    return [f"{choice.title}: {choice.detail}" for choice in choices.choices]


def folders(store: Store) -> dict[str, str]:
    return dict(store.read.rows("SELECT name, role FROM folder WHERE gone = 0"))


async def test_folders_that_are_missing_are_made_when_a_mailbox_is_connected(
    store: Store, home: Home, post: Path
) -> None:
    async with opened_on(store, home=home) as seat:
        await connected(seat, post)
        assert lines(seat)[1:5] == [
            "[ ] Gesendet fehlt: anlegen: keine Kopie gesendeter Mails",
            "[ ] Papierkorb fehlt: anlegen: Löschen geht nicht",
            "[ ] Archiv fehlt: anlegen: Archivieren geht nicht",
            "[ ] Spam fehlt: anlegen: Spam verschieben geht nicht",
        ]
        await seat.press("down", "space", "down", "space", "space", "down", "space")
        assert lines(seat)[3] == "[x] Archiv fehlt: anlegen: wird angelegt"
        assert sorted(path.name for path in post.iterdir()) == ["cur", "new", "tmp"]
        await seat.press("enter")
        await seat.until(
            lambda: folders(store) == {"INBOX": "inbox", "Gesendet": "sent", "Archiv": "archive"}
        )
        await seat.until(lambda: isinstance(seat.app.screen, MailScreen))
        await seat.until(lambda: "ist verbunden" in seat.app.screen.query_one("#keys").text)  # type: ignore[attr-defined]
    assert (post / ".Gesendet" / "cur").is_dir()
    assert not (post / ".Papierkorb").exists()


async def test_a_folder_that_is_missing_is_made_from_the_ledger(store: Store, home: Home, post: Path) -> None:
    async with opened_on(store, home=home) as seat:
        await connected(seat, post)
        await seat.press("enter")
        await seat.until(lambda: folders(store) == {"INBOX": "inbox"})
        await seat.press("g", "s")
        await seat.until(lambda: isinstance(seat.app.screen, LedgerScreen) and seat.app.screen.part)
        await seat.until(
            lambda: "Kein Ordner für Gesendet, Papierkorb, Archiv, Spam" in "".join(texts(seat, "#story"))
        )
        await seat.press("e")
        await seat.until(lambda: isinstance(seat.app.screen, FoldersForm))
        await seat.press("down", "down", "space", "enter")
        await seat.until(lambda: folders(store) == {"INBOX": "inbox", "Papierkorb": "trash"})
        await seat.until(lambda: "Kein Ordner für Gesendet, Archiv, Spam" in "".join(texts(seat, "#story")))
    assert (post / ".Papierkorb" / "cur").is_dir()


async def test_a_folder_that_cannot_be_made_is_told_and_the_mailbox_is_connected(
    store: Store, home: Home, post: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_self: MaildirSource, _name: str) -> str:
        raise CommandRefused("Permission denied")

    monkeypatch.setattr(MaildirSource, "create_folder", refuse)
    async with opened_on(store, home=home) as seat:
        await connected(seat, post)
        await seat.press("down", "space", "enter")
        await seat.until(lambda: isinstance(seat.app.screen, MessageBox))
        await seat.quiet()
        assert "ließ&#160;sich&#160;auf&#160;dem&#160;Server&#160;nicht&#160;anlegen" in seat.picture()
        assert "Gesendet" in seat.picture()
    assert folders(store) == {"INBOX": "inbox"}


async def test_a_folder_that_is_chosen_for_what_is_missing_is_not_made(store: Store, home: Home) -> None:
    furnished(store)
    async with opened_on(store, home=home) as seat:
        await seat.press("g", "s")
        await seat.until(lambda: "Aufträge" in "\n".join(texts(seat)))
        await seat.press("e")
        await seat.until(lambda: isinstance(seat.app.screen, FoldersForm))
        await seat.press("down", "space")
        assert lines(seat)[1] == "[x] Gesendet fehlt: anlegen: wird angelegt"
        place = next(number for number, line in enumerate(lines(seat)) if "Aufträge" in line)
        await seat.press(*["down"] * (place - 1), "r")
        assert "[x] Aufträge: Gesendet" in lines(seat)
        assert not any(line.startswith("[x] Gesendet fehlt") for line in lines(seat))
        await seat.press("enter")
        role = "SELECT role, role_by_hand FROM folder WHERE name = 'Aufträge'"
        await seat.until(lambda: store.read.row(role) == ("sent", 1))
    assert "Gesendet" not in folders(store)


@pytest.mark.parametrize("size", SIZES)
async def test_how_missing_folders_look(
    store: Store, home: Home, post: Path, pictured: Pictured, size: str
) -> None:
    for name in ("Kunden", "Kunden.Süd", "Lieferanten", "Newsletter", "Projekte", "Privat", "Rechnungen"):
        make_maildir(post / f".{name.replace('ü', '&APw-')}")
    async with opened_on(store, SIZES[size], home=home) as seat:
        await connected(seat, post)
        await seat.press("down", "space")
        await pictured(seat)

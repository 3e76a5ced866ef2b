"""Documents: what is no file is refused, and what is saved again replaces nothing and leaves no folder."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.domain.crm.history import Event
from app.domain.crm.kinds import Kind
from app.domain.errors import BadInput, NotFound
from app.services.crm import documents, history
from app.services.crm import records as crm
from app.store.database import Store
from tests.store.invariants import check

NOW = datetime(2026, 11, 21, 9, 41, tzinfo=UTC)


@pytest.fixture
def store(store: Store) -> Iterator[Store]:
    crm.create(store, Kind.LEAD, {"title": "Pumpen"}, author="anna", now=NOW)
    yield store
    check(store)


def add(store: Store, path: str | Path) -> documents.Document:
    return documents.add_document(store, Kind.LEAD, 1, path, author="anna", now=NOW)


def test_a_file_is_kept_with_a_record_and_comes_back_as_it_was(store: Store, tmp_path: Path) -> None:
    data = b"%PDF\x00\xff" * 100
    (tmp_path / "Angebot 2027.pdf").write_bytes(data)
    found = add(store, tmp_path / "Angebot 2027.pdf")
    assert (found.name, found.content_type, found.size) == ("Angebot 2027.pdf", "application/pdf", len(data))
    line = history.lines(store, Kind.LEAD, 1, history.timeline(store, Kind.LEAD, 1))[0]
    assert (line.event, line.text, line.size) == (Event.DOCUMENT, "Angebot 2027.pdf", len(data))
    assert line.document_id == found.id
    saved = [documents.save_document(store, found.id, tmp_path / "neu") for _ in range(2)]
    assert [path.name for path in saved] == ["Angebot 2027.pdf", "Angebot 2027 (2).pdf"]
    assert {path.read_bytes() for path in saved} == {data}
    assert saved[0].stat().st_mode & 0o777 == 0o600


def test_a_path_may_begin_with_the_home_folder(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "notiz.txt").write_text("Grüße")
    assert add(store, "~/notiz.txt").name == "notiz.txt"


@pytest.mark.parametrize("what", ["folder", "device", "pipe", "missing", "nul", "large", "secret"])
def test_what_is_no_file_to_keep_is_refused_with_its_reason(
    store: Store, tmp_path: Path, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(documents, "LARGEST", 1000)
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "large").write_bytes(bytes(1001))
    paths = {
        "folder": (tmp_path, "it is no file"),
        "device": ("/dev/zero", "it is no file"),
        "pipe": (tmp_path / "pipe", "it is no file"),
        "missing": (tmp_path / "missing", "This file does not exist"),
        "nul": (f"{tmp_path}/a\0b", "no path may hold NUL"),
        "large": (tmp_path / "large", "it is larger than 25 MB"),
        "secret": ("~nobody-of-this-name/x", "the home folder in it is unknown"),
    }
    path, reason = paths[what]
    with pytest.raises(BadInput, match=reason):
        add(store, path)
    assert store.read.value("SELECT count(*) FROM document") == 0
    assert len(history.timeline(store, Kind.LEAD, 1)) == 1


def test_a_hostile_name_is_cleaned_and_never_leaves_the_folder(store: Store, tmp_path: Path) -> None:
    (tmp_path / "\x1b[31mrot\u202efdp.exe").write_bytes(b"x")
    found = add(store, tmp_path / "\x1b[31mrot\u202efdp.exe")
    assert not {"\x1b", "\u202e", "/"} & set(found.name)
    with store.write() as tx:
        tx.run("UPDATE document SET name = '../../oben.txt'")
    saved = documents.save_document(store, found.id, tmp_path / "unten")
    assert saved == tmp_path / "unten" / "oben.txt"
    assert not (tmp_path / "oben.txt").exists()


def test_a_text_can_be_read_in_place_and_is_harmless(store: Store, tmp_path: Path) -> None:
    (tmp_path / "protokoll.txt").write_bytes(b"Gr\xfc\xdfe\r\n\x1b[2Jweg")
    found = add(store, tmp_path / "protokoll.txt")
    assert documents.can_read(found)
    text = documents.document_text(store, found.id)
    assert text.startswith("Grüße\n")
    assert "\x1b" not in text
    (tmp_path / "bild.png").write_bytes(b"x")
    assert not documents.can_read(add(store, tmp_path / "bild.png"))


def test_a_document_that_is_gone_is_told(store: Store, tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        documents.save_document(store, 7, tmp_path)
    with pytest.raises(NotFound):
        documents.add_document(store, Kind.LEAD, 9, __file__, author="anna", now=NOW)

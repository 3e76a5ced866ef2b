"""Documents of a record: added by their path, their content into the store; read in place, or saved again as a new file."""

from __future__ import annotations

import mimetypes
import os
import stat
from datetime import datetime
from pathlib import Path

from app.domain.crm.history import Event
from app.domain.crm.kinds import Kind
from app.domain.errors import BadInput, NotFound
from app.domain.mail.compose import UNKNOWN_TYPE
from app.domain.paths import expanded
from app.domain.text import clean_block
from app.domain.undo import RemoveEntry
from app.language import _
from app.mail.attachments import is_text
from app.mail.mime.charset import decode_text
from app.mail.mime.names import safe_name
from app.mail.saving import save_new
from app.services.crm.history import at_work
from app.services.remembering import remember, shown
from app.store.crm import documents
from app.store.crm.documents import Document
from app.store.crm.history import add_entry
from app.store.database import Store

__all__ = ["Document", "add_document", "can_read", "document", "document_text", "save_document"]

#: Bytes; what is larger has its place elsewhere.
LARGEST = 25_000_000
#: Bytes of a text that are shown.
_SHOWN = 500_000


class DocumentNotFound(NotFound):
    title = "There is no such document"


def add_document(
    store: Store, kind: Kind, record_id: int, path: str | Path, *, author: str, now: datetime
) -> Document:
    """Keep a copy of a file with a record. Raises BadInput for what is no file, is too large or cannot be read, NotFound,
    NotAMember and ReadsOnly."""
    path = expanded(path)
    data = _content(path)
    name = safe_name(path.name) or "document.bin"
    guessed, encoding = mimetypes.guess_type(name, strict=False)
    content_type = guessed if guessed and not encoding else UNKNOWN_TYPE
    with store.write() as tx:
        (member, _row), at = at_work(tx, kind, record_id, author, now), int(now.timestamp())
        number = documents.add_document(tx, kind, record_id, name, content_type, data, member.login, at)
        entry = add_entry(tx, kind, record_id, Event.DOCUMENT, member.login, at, name, document_id=number)
        told = _("Document “{name}”").format(name=shown(name))
        remember(tx, member.login, told, [RemoveEntry(entry)], now)
    return Document(number, name, content_type, len(data))


def document(store: Store, document_id: int) -> Document:
    """What is known of a document. Raises NotFound."""
    found = documents.document(store.read, document_id)
    if found is None:
        raise DocumentNotFound(str(document_id))
    return found


def save_document(store: Store, document_id: int, folder: Path) -> Path:
    """Write a document into a folder, which is made if it is not there, always as a new file; its path. Raises NotFound and
    NotSaved."""
    found = document(store, document_id)
    data = documents.document_data(store.read, document_id)
    if not folder.exists():
        folder.mkdir(parents=True, mode=0o700)
    return save_new(safe_name(found.name) or "document.bin", data, folder)


def can_read(found: Document) -> bool:
    """Whether a document is plain text."""
    return is_text(found.content_type, found.name)


def document_text(store: Store, document_id: int) -> str:
    """The beginning of a document that is plain text, cleaned. Raises NotFound."""
    document(store, document_id)
    data = documents.document_data(store.read, document_id)
    return clean_block(decode_text(data[:_SHOWN], "utf-8")[0])


def _content(path: Path) -> bytes:
    """The bytes of a file. A folder, a device or a pipe is none: a pipe would wait for ever."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY)
    except FileNotFoundError:
        raise BadInput("This file does not exist: {detail}", detail=path) from None
    except (OSError, ValueError):
        raise _refused(path, "it cannot be read") from None
    try:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise _refused(path, "it is no file")
        with os.fdopen(handle, "rb", closefd=False) as file:
            data = file.read(LARGEST + 1)
    except OSError:
        raise _refused(path, "it cannot be read") from None
    finally:
        os.close(handle)
    if len(data) > LARGEST:
        raise _refused(path, "it is larger than 25 MB")
    return data


def _refused(path: Path, reason: str) -> BadInput:
    return BadInput("{where}: {reason}", where=path, reason=reason)

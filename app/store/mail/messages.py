"""Single messages: their source, their thread, and the copy that speaks for them; reads only."""

from __future__ import annotations

from collections.abc import Sequence

from app.domain.errors import MailNotFound
from app.domain.mail.messages import Role
from app.store.connection import Connection, places, rows_in

#: A thread longer than this is shown without its oldest messages.
LONGEST_THREAD = 1_000

_LEAST_TELLING = (Role.ALL, Role.TRASH, Role.JUNK)


def source(read: Connection, message_id: int) -> bytes:
    """The message as it came, byte for byte. Raises NotFound."""
    import zstandard

    raw = read.value(
        "SELECT s.raw FROM message m JOIN message_source s ON s.id = m.source_id WHERE m.id = ?",
        (message_id,),
    )
    if raw is None:
        raise MailNotFound(str(message_id))
    return zstandard.ZstdDecompressor().decompressobj().decompress(bytes(raw))


def ids_by_header(read: Connection, header_ids: Sequence[str]) -> dict[str, list[int]]:
    """From each of these Message-IDs to the messages that carry it: none, one, or several where it was used again."""
    found: dict[str, list[int]] = {header_id: [] for header_id in header_ids}
    sql = "SELECT header_message_id, id FROM message WHERE header_message_id IN "
    for header_id, message in rows_in(read, sql, list(found)):
        found[header_id].append(message)
    return found


def thread_of(read: Connection, message_id: int) -> list[int]:
    """The messages of the same thread, oldest first; the newest of them when there are very many."""
    rows = read.rows(
        """SELECT id FROM message WHERE thread_id = (SELECT thread_id FROM message WHERE id = ?)
           ORDER BY id DESC LIMIT ?""",
        (message_id, LONGEST_THREAD),
    )
    return [message for (message,) in reversed(rows)]


def best_copies(read: Connection, message_ids: Sequence[int]) -> dict[int, int]:
    """From each message, in the given order, to the copy that speaks for it: rather an ordinary folder than "all mail",
    trash or junk, rather the later copy. Messages in no folder are left out."""
    rows = read.rows(
        f"""SELECT c.message_id, c.id, f.role FROM mail_copy c JOIN folder f ON f.id = c.folder_id
            WHERE c.message_id IN {places(message_ids)} ORDER BY c.id""",
        message_ids,
    )
    best: dict[int, tuple[bool, int]] = {}
    for message, copy, role in rows:
        best[message] = max(best.get(message, (False, 0)), (role not in _LEAST_TELLING, copy))
    return {message: best[message][1] for message in message_ids if message in best}

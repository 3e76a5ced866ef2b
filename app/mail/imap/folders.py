"""Lists the folders of a server and their states, in one round trip where it can be done; opens none of them."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass, field

from app.domain.mail.messages import FolderStatus, RemoteFolder, Role
from app.domain.mail.roles import Listed, assign_roles
from app.mail.errors import CommandRefused, FolderMissing
from app.mail.folder_names import decode_name, encode_name
from app.mail.imap.session import Answer, Session
from app.mail.imap.syntax import Item, astring, number, pairs, parse, wire

_NOT_SELECTABLE = {b"\\noselect", b"\\nonexistent"}
#: More folders than this are not believed.
MAX_FOLDERS = 20_000
#: STATUS commands under way at a time.
WINDOW = 20


@dataclass(slots=True)
class Listing:
    """What one LIST told. `statuses` is empty without LIST-STATUS; `stamp`: commands sent until then."""

    folders: list[RemoteFolder] = field(default_factory=list)
    statuses: dict[str, FolderStatus] = field(default_factory=dict)
    stamp: int = 0


class Folders:
    """The folder tree of one session."""

    def __init__(self, session: Session, capabilities: frozenset[str]) -> None:
        self._session = session
        self._has_namespace = "NAMESPACE" in capabilities
        self._extended = {"LIST-EXTENDED", "SPECIAL-USE"} <= capabilities
        self._list_status = {"LIST-EXTENDED", "LIST-STATUS"} <= capabilities
        modseq = b" HIGHESTMODSEQ" if not capabilities.isdisjoint({"CONDSTORE", "QRESYNC"}) else b""
        self._items = b"(MESSAGES UIDNEXT UIDVALIDITY UNSEEN%s)" % modseq
        self._prefix: bytes | None = None if self._has_namespace else b""
        self._delimiter = b"/"
        self._listing = Listing()

    def all(self) -> list[RemoteFolder]:
        """Every folder with its role; names are relative to the personal namespace (RFC 2342)."""
        session = self._session
        session.settle()
        namespace = session.send(b"NAMESPACE") if self._prefix is None else None
        wanted = [b"SPECIAL-USE"] * self._extended + [b"STATUS " + self._items] * self._list_status
        returning = (b"RETURN (%s)" % b" ".join(wanted),) if wanted else ()
        listing = session.send(b'LIST "" "*"', *returning)
        if namespace is not None:
            self._read_namespace(namespace)
        self._listing = self._read_listing(session.finish(listing).answers)
        return self._listing.folders

    def statuses(self, folders: Sequence[RemoteFolder]) -> dict[str, FolderStatus]:
        """Status by path; folders that refuse are left out. What `all` brought along is used if it is fresh."""
        wanted = [folder.path for folder in folders if folder.selectable]
        is_fresh = self._listing.stamp == self._session.commands
        if self._list_status and (is_fresh or len(wanted) > 1):
            if not is_fresh:
                self.all()
            self._listing.stamp = -1
            return {path: status for path in wanted if (status := self._listing.statuses.get(path))}
        return self._ask_each(wanted)

    def create(self, name: str) -> str:
        """Create a folder by its decoded name; returns its wire path. One that exists already is no error."""
        if self._listing.stamp == 0:
            self.all()
        prefix = self._prefix or b""
        if prefix.upper() == b"INBOX" + self._delimiter:  # "INBOX/Kunden" and "Kunden" are the same there
            name = name[6:] if name.upper().startswith("INBOX/") else name
        path = encode_name(name, self._delimiter, prefix)
        try:
            self._session.run(b"CREATE", astring(path))
        except CommandRefused as refused:
            if refused.code != "ALREADYEXISTS":
                raise
        with contextlib.suppress(
            CommandRefused
        ):  # other clients show subscribed folders only; a wish, no duty
            self._session.run(b"SUBSCRIBE", astring(path))
        return path.decode("latin-1")

    def _ask_each(self, paths: list[str]) -> dict[str, FolderStatus]:
        session, found = self._session, {}
        session.settle()
        window = (
            WINDOW if all(path.isascii() for path in paths) else 1
        )  # no literals while answers are under way
        for at in range(0, len(paths), window):
            for tag in [
                session.send(b"STATUS", astring(wire(p)), self._items) for p in paths[at : at + window]
            ]:
                try:
                    answers = session.finish(tag).answers
                except (CommandRefused, FolderMissing):
                    continue
                for answer in answers:
                    items = _items(answer, b"STATUS", session)
                    if len(items) == 2:
                        path, status = _status(items)
                        found[path] = status
        return {path: found[_same(path)] for path in paths if _same(path) in found}

    def _read_namespace(self, tag: bytes) -> None:
        self._prefix = b""
        try:
            answers = self._session.finish(tag).answers
        except CommandRefused:
            return  # announced and refused: then there is no prefix we could know of
        for answer in answers:
            items = _items(answer, b"NAMESPACE", self._session)
            personal = items[0] if items else None
            first = personal[0] if isinstance(personal, list) and personal else None
            if isinstance(first, list) and first and isinstance(first[0], bytes):
                self._prefix = first[0]
                if len(first) > 1 and isinstance(first[1], bytes):
                    self._delimiter = first[1]

    def _read_listing(self, answers: list[Answer]) -> Listing:
        listing = Listing(stamp=self._session.commands)
        seen: dict[bytes, tuple[set[bytes], bytes]] = {}
        for answer in answers:
            items = _items(answer, b"LIST", self._session)
            if len(items) >= 3 and isinstance(items[0], list):
                path = items[2] if isinstance(items[2], bytes) else b"NIL"
                attributes = {word for word in items[0] if isinstance(word, bytes)}
                delimiter = items[1] if isinstance(items[1], bytes) else b""
                seen.setdefault(path, (set(), delimiter))[0].update(attributes)
                continue
            items = _items(answer, b"STATUS", self._session)
            if len(items) == 2:
                path_text, status = _status(items)
                listing.statuses[path_text] = status
        if len(seen) > MAX_FOLDERS:
            raise CommandRefused(f"the server lists more than {MAX_FOLDERS} folders")
        listing.folders = self._with_roles(seen)
        listing.statuses = {
            folder.path: listing.statuses[_same(folder.path)]
            for folder in listing.folders
            if _same(folder.path) in listing.statuses
        }
        return listing

    def _with_roles(self, seen: dict[bytes, tuple[set[bytes], bytes]]) -> list[RemoteFolder]:
        names = {
            path: decode_name(path, delimiter, self._prefix or b"") for path, (_, delimiter) in seen.items()
        }
        usable = {
            path
            for path, (attributes, _) in seen.items()
            if not {a.lower() for a in attributes} & _NOT_SELECTABLE
        }
        roles = assign_roles(
            Listed(path.decode("latin-1"), names[path], [a.decode("latin-1") for a in seen[path][0]])
            for path in usable
        )
        folders = []
        for path, (_, delimiter) in seen.items():
            text = path.decode("latin-1")
            role = roles.get(text, Role.NONE)
            folders.append(RemoteFolder(text, names[path], role, path in usable, delimiter.decode("latin-1")))
        return folders


def _items(answer: Answer, kind: bytes, session: Session) -> list[Item]:
    """What follows the word `kind` in an untagged answer of that kind; empty for another kind."""
    if not answer[0][2:].upper().startswith(kind + b" "):
        return []
    try:
        return parse(answer)[2:]
    except ValueError as error:
        raise session.lose(f"an answer of the server cannot be read: {kind.decode()}: {error}") from error


def _same(path: str) -> str:
    """INBOX is the one name in which case does not count."""
    return "INBOX" if path.upper() == "INBOX" else path


def _status(items: list[Item]) -> tuple[str, FolderStatus]:
    path = items[0].decode("latin-1") if isinstance(items[0], bytes) else "NIL"
    told = {
        name: number(value)
        for name, value in pairs(items[1]).items()
        if isinstance(value, bytes) and value.isdigit()
    }
    return _same(path), FolderStatus(
        uidvalidity=told.get(b"UIDVALIDITY", 0),
        uidnext=told.get(b"UIDNEXT", 0),
        messages=told.get(b"MESSAGES", 0),
        highestmodseq=told.get(b"HIGHESTMODSEQ") or None,
        unseen=told.get(b"UNSEEN"),
    )

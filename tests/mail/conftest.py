"""Real IMAP servers of different abilities for the tests of this folder."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.mail.imap.source import ImapSource
from app.mail.urls import parse_url
from tests.mail.box import Box
from tests.servers.dovecot import Dovecot, dovecot

#: What each kind of server lacks. "old" is like a Courier of 2005: RFC 3501 and little else.
KINDS = {
    "full": {},
    "condstore": {"without": ("QRESYNC", "MOVE", "LIST-STATUS")},
    "old": {
        "without": (
            *(
                "QRESYNC",
                "CONDSTORE",
                "ENABLE",
                "MOVE",
                "UIDPLUS",
                "IDLE",
                "ESEARCH",
                "LITERAL+",
                "SPECIAL-USE",
            ),
            *("LIST-EXTENDED", "LIST-STATUS", "MULTIAPPEND", "BINARY"),
        ),
        "separator": ".",
        "prefix": "INBOX.",
        "special_use": False,
    },
}


@dataclass
class Post:
    """A server and one fresh user on it."""

    server: Dovecot
    user: str

    def connect(self, scheme: str = "imap+insecure", port: int | None = None) -> ImapSource:
        url = self.server.url(scheme, self.user)
        if port is not None:
            url = f"{scheme}://{self.user}@localhost:{port}"
        ca_file = None if scheme == "imap+insecure" else self.server.certificate
        return ImapSource(parse_url(url), self.server.password, ca_file, timeout=10)

    def deliver(self, *messages: bytes, folder: str = "INBOX", flags: tuple[str, ...] = ()) -> None:
        self.server.deliver(*messages, folder=folder, flags=flags, user=self.user)

    def elsewhere(self, folder: str | None = "INBOX") -> contextlib.AbstractContextManager:  # type: ignore[type-arg]
        return self.server.client(self.user, folder)


@pytest.fixture(scope="session")
def servers() -> Iterator[Callable[[str], Dovecot]]:
    """Servers by kind, each started at its first use."""
    running: dict[str, Dovecot] = {}
    with contextlib.ExitStack() as stack:

        def get(kind: str) -> Dovecot:
            if kind not in running:
                running[kind] = stack.enter_context(dovecot(**KINDS[kind]))
            return running[kind]

        yield get


@pytest.fixture
def post(servers: Callable[[str], Dovecot]) -> Post:
    """A server that can everything, with an empty mailbox."""
    server = servers("full")
    return Post(server, server.new_user())


@pytest.fixture(params=list(KINDS))
def any_post(request: pytest.FixtureRequest, servers: Callable[[str], Dovecot]) -> Post:
    """Each kind of server in turn, with an empty mailbox."""
    server = servers(request.param)
    return Post(server, server.new_user())


@pytest.fixture
def source(post: Post) -> Iterator[ImapSource]:
    opened = post.connect()
    yield opened
    opened.close()


@pytest.fixture
def any_source(any_post: Post) -> Iterator[ImapSource]:
    opened = any_post.connect()
    yield opened
    opened.close()


@pytest.fixture
def certificate(servers: Callable[[str], Dovecot]) -> Path:
    return servers("full").certificate


@pytest.fixture
def box(tmp_path: Path) -> Iterator[Box]:
    """An empty Maildir."""
    box = Box(tmp_path / "Mail", tmp_path / "state")
    for part in ("cur", "new", "tmp"):
        (box.root / part).mkdir(parents=True)
    yield box
    for source in box.opened:
        source.close()

"""A connection that breaks at any point of the protocol leaves a whole store, and the next pass goes on."""

from __future__ import annotations

import pytest

from app.store.fulltext.sqlite import Quarter
from tests.servers.proxy import Cut, proxy
from tests.services.sync.conftest import Desk, mail

MAILS = 40
#: Where the server's answers are cut off: after this share of the bytes of an undisturbed pass.
SHARES = [0.0, 0.01, 0.03, 0.06, 0.1, 0.2, 0.35, 0.5, 0.65, 0.8, 0.9, 0.97, 0.99]
COMMANDS = [b"LOGIN", b"ENABLE", b"LIST", b"STATUS", b"SELECT", b"SEARCH", b"FETCH", b"LOGOUT"]


def _fill(desk: Desk) -> None:
    desk.deliver(*(mail(number, body="Wort " * 300) for number in range(MAILS)))
    desk.deliver(mail(99), folder="Archiv")


def test_a_first_sync_survives_a_cut_anywhere_in_the_answers(desk: Desk) -> None:
    _fill(desk)
    with proxy(desk.server.port) as line:
        desk.point_at(line.port)
        desk.sync()
        whole = line.server_bytes
    for share in SHARES:
        _forget_everything(desk)
        with proxy(desk.server.port, Cut("server", after_bytes=int(whole * share), how="reset")) as line:
            desk.point_at(line.port)
            broken = desk.pass_over()
            assert line.cuts == 1
            assert broken.error or share > 0.9
            desk.sync()
        assert len(desk.subjects()) == MAILS
        assert len(desk.subjects("Archiv")) == 1


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("inclusive", [True, False], ids=["after", "before"])
def test_a_sync_survives_a_cut_at_each_command(desk: Desk, command: bytes, inclusive: bool) -> None:
    _fill(desk)
    with proxy(desk.server.port, Cut("client", pattern=command, inclusive=inclusive)) as line:
        desk.point_at(line.port)
        desk.pass_over()
        desk.sync()
        desk.sync()
    assert len(desk.subjects()) == MAILS


def _forget_everything(desk: Desk) -> None:
    with desk.store.write() as tx:
        for table in (
            "mail_copy",
            "message",
            "message_source",
            "folder",
            "thread_reference",
            "correspondent",
        ):
            tx.run(f"DELETE FROM {table}")
        for (number,) in tx.rows("SELECT number FROM message_fts_quarter"):
            table = Quarter(number).table
            tx.run(f"INSERT INTO {table} ({table}) VALUES ('delete-all')")

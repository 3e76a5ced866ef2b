"""SIGKILL at any instant loses nothing, doubles nothing, and the next sync goes on."""

from __future__ import annotations

import random
import re
import subprocess
import sys
import time

from app.store.database import Store
from tests.servers.dovecot import ok
from tests.services.sync.conftest import Desk, mail
from tests.store.invariants import check

KILLS = 20  # for each kind of server: 60 in all
MAILS = 120


def test_nothing_is_lost_or_doubled_by_sigkill_at_random_instants(desk: Desk) -> None:
    desk.server.create("Kunden", user=desk.user)
    desk.deliver(*(mail(number, body="Wort " * 400) for number in range(MAILS)))
    for seed in range(KILLS):
        _run_and_kill(desk, seed)
        check(desk.store)
    desk.sync()
    desk.sync()
    assert desk.store.read.value("SELECT count(*) FROM operation") == 0
    here = sorted(subject for folder in ("INBOX", "Archiv", "Kunden") for subject in desk.subjects(folder))
    assert here == [f"Anfrage {number:04}" for number in range(MAILS)]
    assert _on_the_server(desk) == {
        (folder, subject, seen)
        for folder in ("INBOX", "Archiv", "Kunden")
        for subject, seen in _here(desk.store, folder)
    }
    assert len(_on_the_server(desk)) == MAILS


def _run_and_kill(desk: Desk, seed: int) -> None:
    command = [sys.executable, "-m", "tests.services.sync.victim", str(desk.home.data), str(seed)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    with process:
        assert process.stdout is not None
        line = process.stdout.readline()
        time.sleep(random.Random(seed).uniform(0, 0.4))
        alive = process.poll() is None
        process.kill()
        assert (line, alive) == (b"ready\n", True), process.stderr.read().decode() if process.stderr else ""


def _here(store: Store, folder: str) -> list[tuple[str, bool]]:
    rows = store.read.rows(
        """SELECT message.subject, mail_copy.seen FROM mail_copy JOIN message ON message.id = mail_copy.message_id
  JOIN folder ON folder.id = mail_copy.folder_id WHERE folder.name = ?""",
        (folder,),
    )
    return [(subject, bool(seen)) for subject, seen in rows]


def _on_the_server(desk: Desk) -> set[tuple[str, str, bool]]:
    found = []
    for folder in ("INBOX", "Archiv", "Kunden"):
        with desk.server.client(desk.user, folder) as client:
            # By UID, because a folder may be empty: on a slow machine less was done before each kill.
            data = ok(client.uid("FETCH", "1:*", "(FLAGS BODY.PEEK[HEADER.FIELDS (SUBJECT)])"))
        for item in data:
            if isinstance(item, tuple):
                number = re.search(rb"Subject: (.*?)\r\n", item[1])
                assert number is not None
                found.append((folder, number[1].decode(), b"\\Seen" in item[0]))
    assert len(found) == len({subject for _, subject, _ in found})
    return set(found)

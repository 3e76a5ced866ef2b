"""The process that gets killed: goes on syncing and filing mail until somebody ends it. Not a test.

python -m tests.services.sync.victim HOME SEED
"""

from __future__ import annotations

import random
import sys
from datetime import UTC, datetime
from pathlib import Path

from app.domain.mail.operations import FlagsChange, Move
from app.services.sync.run import sync_once
from app.settings import Home
from app.store.database import Store
from app.store.mail.processed import refresh_processed


def main(home: Home, seed: int) -> None:
    rng = random.Random(seed)
    store = Store(home.database)
    print("ready", flush=True)
    while True:
        for _ in range(rng.randint(0, 6)):
            act(store, rng)
        sync_once(store, home, lambda: datetime.now(UTC))


def act(store: Store, rng: random.Random) -> None:
    """Move a random mail to another folder or turn a flag over: first a row, then an effect, in one transaction."""
    with store.write() as tx:
        copies = tx.rows("SELECT id, folder_id, message_id, uid, seen FROM mail_copy")
        folders = [
            row[0] for row in tx.rows("SELECT id FROM folder WHERE name IN ('INBOX', 'Archiv', 'Kunden')")
        ]
        if not copies or not folders:
            return
        copy, folder, message, uid, seen = rng.choice(copies)
        place = tx.row(
            "SELECT folder_id, uid FROM operation WHERE copy_id = ? ORDER BY id DESC LIMIT 1", (copy,)
        )
        where = place or (folder, uid)
        if rng.random() < 0.5:
            kind, effect = "flags", FlagsChange(("\\Seen",), ()) if not seen else FlagsChange((), ("\\Seen",))
            tx.run("UPDATE mail_copy SET seen = 1 - seen WHERE id = ?", (copy,))
        else:
            target = rng.choice(folders)
            if target == folder or place:
                return
            kind, effect = "move", Move(target)  # type: ignore[assignment]
            tx.run("UPDATE mail_copy SET folder_id = ?, uid = NULL WHERE id = ?", (target, copy))
        tx.run(
            """INSERT INTO operation (mailbox_id, folder_id, copy_id, message_id, uid, kind, arguments)
  VALUES (1, ?, ?, ?, ?, ?, ?)""",
            (where[0], copy, message, where[1], kind, effect.to_json()),
        )
        refresh_processed(tx, [message])


if __name__ == "__main__":
    main(Home(Path(sys.argv[1])), int(sys.argv[2]))

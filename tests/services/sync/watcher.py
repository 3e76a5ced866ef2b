"""A process of its own that does the background work of one home until it is ended. Not a test.

python -m tests.services.sync.watcher HOME
"""

from __future__ import annotations

import sys
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

from app.services.sync.watch import Watch
from app.services.sync.worker import Surroundings
from app.settings import Home
from app.store.database import Store


def main(home: Home) -> None:
    stop = threading.Event()
    store = Store(home.database)
    around = Surroundings(store, home, lambda: datetime.now(UTC), stop, timedelta(minutes=10))
    Watch(around).run()


if __name__ == "__main__":
    main(Home(Path(sys.argv[1])))

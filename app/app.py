"""The Textual app: builds the desk's screens, chooses the colours, starts and stops what works in the background.

What a place shows and does is the place's own; nothing here knows mail.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import signal
import sys
from pathlib import Path
from typing import ClassVar, cast

from textual.binding import BindingType
from textual.worker import WorkerFailed

from app.domain.crm.kinds import Kind
from app.screens.bell import TICK, Bell
from app.screens.desk import Desk
from app.screens.desk_app import DeskApp
from app.screens.mail.screen import MailScreen
from app.screens.place import Place
from app.screens.places import make_page, make_place
from app.screens.themes import THEMES, theme_for

log = logging.getLogger(__name__)


def _stylesheet() -> Path:
    """In the wheel the paint lies beside this file, in the repository at the root."""
    here = Path(__file__).parent
    installed = here / "styles.tcss"
    return installed if installed.exists() else here.parent / "styles.tcss"


class PostkorbApp(DeskApp):
    """Postkorb on a terminal."""

    TITLE = "Postkorb"
    CSS_PATH = _stylesheet()
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = []

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.news = Bell(self)
        self._disable_tooltips = True
        self._disable_notifications = True
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = theme_for(desk.settings.theme, self.console.color_system, self.no_color)

    def on_mount(self) -> None:
        if not self.is_headless:
            loop = asyncio.get_running_loop()
            for number in (signal.SIGTERM, signal.SIGHUP):  # the machine shuts down, the line to it broke
                loop.add_signal_handler(number, self.exit)
        self.set_interval(TICK, self.news.look)
        # Threads read and take mail apart; a key must not wait 5 ms for each of them.
        sys.setswitchinterval(0.001)

    def on_ready(self) -> None:
        if not gc.isenabled():  # the front door switched it off for the start
            # What was loaded so far is never let go of: the collector need not look at it at every pass (30 ms).
            gc.freeze()
            gc.enable()

    def get_default_screen(self) -> MailScreen:
        return MailScreen(self.desk)

    def make_place(self, command_id: str) -> Place:
        return make_place(command_id, self.desk)

    def make_page(self, kind: Kind, record_id: int) -> Place:
        return make_page(kind, record_id, self.desk)

    def on_unmount(self) -> None:
        self.desk.close()

    @property
    def failure(self) -> Exception | None:
        """What broke the app, once it has ended; the front door tells it in one line."""
        broken = self._exception
        return cast(Exception, broken.error) if isinstance(broken, WorkerFailed) else broken

    def _fatal_error(self) -> None:
        """Textual would print every local variable, passwords and all, over the terminal."""
        self.bell()
        try:
            self.keep_all()
        except Exception:  # the screens may be what is broken
            log.exception("what was not stored yet could not be kept")
        self._close_messages_no_wait()

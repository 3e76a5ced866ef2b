"""The first screen as plain text, for those who look without a terminal; it runs the real app, unseen."""

from __future__ import annotations

import time

from app.screens.desk_app import DeskApp
from app.screens.mail.screen import MailScreen

SECONDS = 20.0


async def first_screen(app: DeskApp, columns: int = 80, lines: int = 24) -> str:
    """What the app shows first on a terminal of this size, once its list is filled or `SECONDS` have passed."""
    async with app.run_test(size=(columns, lines)) as pilot:
        end = time.monotonic() + SECONDS
        while not _is_filled(app) and time.monotonic() < end:
            await pilot.pause(0.02)
        await pilot.pause()
        strips = app.screen._compositor.render_strips()
        return "".join(strip.text.rstrip() + "\n" for strip in strips)


def _is_filled(app: DeskApp) -> bool:
    screen = app.screen
    return isinstance(screen, MailScreen) and bool(
        screen.mails.total and screen.mails.render_line(0).text.strip()
    )

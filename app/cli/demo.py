"""`postkorb demo`: the app on a built-in mailbox, with nothing to configure and no network."""

from __future__ import annotations

import asyncio
import json
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from app.cli.front import Front, front_of
from app.cli.output import say, write
from app.cli.parser import Verb, alone
from app.language import _

if TYPE_CHECKING:
    from app.settings import Settings

app = alone()


@app.command(cls=Verb)
def demo(ctx: typer.Context) -> None:
    """Open the app on a built-in mailbox with example data. Nothing leaves this machine, and nothing is kept."""
    from app.cli.launch import build_app, has_terminal, open_app
    from app.screens.preview import first_screen

    settings, stands_in_for = front_of(ctx).settings, front_of(ctx).stands_in_for
    if has_terminal():
        say(_("The demo is being prepared …"))
    with tempfile.TemporaryDirectory(prefix="postkorb-demo-", ignore_cleanup_errors=True) as folder:
        front = Front()
        front.root, front.stands_in_for = Path(folder), stands_in_for
        try:
            _furnish(front, settings)
            if has_terminal():
                open_app(front, temporary=True)
            else:
                say(_("The demo opens in a terminal, and there is none here; this is its first screen:"))
                write(asyncio.run(first_screen(build_app(front))))
        finally:
            front.close()


def _furnish(front: Front, wanted: Settings) -> None:
    """Fill the home of the demo, which shares nothing with the rep's own but looks and language."""
    from app.services.demo.furnish import furnish

    for name in ("POSTKORB_HOME", "POSTKORB_DATABASE_URL"):
        os.environ.pop(name, None)
    made = furnish(front.store, front.home, front.now())
    front.login = made.own_login
    lines = {"language": wanted.language, "theme": wanted.theme, "ascii": wanted.ascii}
    text = "".join(f"{name} = {json.dumps(value)}\n" for name, value in lines.items())
    front.home.config_file.write_text(text, encoding="utf-8")
    del front.settings

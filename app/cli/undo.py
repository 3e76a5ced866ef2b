"""`postkorb undo`: takes back the last step of the one who asks, whatever it was about."""

from __future__ import annotations

import typer

from app.cli.front import front_of
from app.cli.options import Json
from app.cli.output import print_json, say
from app.cli.parser import Verb, alone

app = alone()


@app.command(cls=Verb)
def undo(ctx: typer.Context, as_json: Json = False) -> None:
    """Take back your last step, made here or in the app."""
    from app.services.undo.undoing import undo as take_back

    front = front_of(ctx)
    done = take_back(front.store, **front.at_work())
    if as_json:
        records = [{"kind": kind.value, "id": number} for kind, number in done.records]
        print_json({"changed": done.count, "left_out": done.left_out, "records": records})
    else:
        say(done.text)
    if done.left_out:
        raise typer.Exit(1)

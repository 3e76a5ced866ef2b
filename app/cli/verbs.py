"""The tree of verbs and the global options; `main` runs it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, ClassVar

import typer

from app.cli.front import Front, front_of
from app.cli.output import print_version
from app.cli.parser import Verbs, alone, speak
from app.domain.errors import PostkorbError

if TYPE_CHECKING:
    from typer._click import Command, Context, HelpFormatter


#: Verbs that look for themselves whether there is a store, and what is in it.
_WITHOUT_A_STORE = ("demo", "doctor")


class Root(Verbs):
    """`postkorb` itself."""

    lazy: ClassVar = {
        "demo": "app.cli.demo",
        "account": "app.cli.account",
        "sync": "app.cli.sync",
        "watch": "app.cli.watch",
        "mail": "app.cli.mail",
        "contact": "app.cli.contact",
        "lead": "app.cli.lead",
        "task": "app.cli.task",
        "agenda": "app.cli.agenda",
        "opportunity": "app.cli.opportunity",
        "overview": "app.cli.overview",
        "undo": "app.cli.undo",
        "outbox": "app.cli.outbox",
        "member": "app.cli.member",
        "doctor": "app.cli.doctor",
    }

    def format_help(self, ctx: Context, formatter: HelpFormatter) -> None:
        _speak(ctx)
        super().format_help(ctx, formatter)

    def resolve_command(self, ctx: Context, args: list[str]) -> tuple[str | None, Command | None, list[str]]:
        _speak(ctx)
        return super().resolve_command(ctx, args)


def _speak(ctx: Context) -> None:
    speak_as_set(front_of(ctx))


def speak_as_set(front: Front) -> None:
    """Speak the language of the configuration, and German where it cannot be read: help is there all the same."""
    try:
        speak(front.settings.language)
    except PostkorbError:
        speak("de")


def _show_version(wanted: bool) -> None:
    if wanted:
        print_version()
        raise typer.Exit


app = alone(cls=Root, name="postkorb")


@app.callback(invoke_without_command=True)
def root(
    ctx: typer.Context,
    home: Annotated[
        Path | None,
        typer.Option(
            envvar="POSTKORB_HOME",
            is_eager=True,
            metavar="FOLDER",
            help="One folder for everything: database, configuration, log.",
        ),
    ] = None,
    stands_in_for: Annotated[
        str,
        typer.Option("--as", metavar="LOGIN", help="For admins: do all of this in the name of that member."),
    ] = "",
    version: Annotated[
        bool, typer.Option("--version", is_eager=True, callback=_show_version, help="Show the version.")
    ] = False,
) -> None:
    """Mail and leads in the terminal. Without a verb, the app opens."""
    del home, version  # `main` has read the one and the parser has told the other
    front = front_of(ctx)
    front.stands_in_for = stands_in_for
    if ctx.invoked_subcommand != "doctor":
        speak(front.settings.language)
    if stands_in_for and ctx.invoked_subcommand not in _WITHOUT_A_STORE:
        front.check_author()
    if ctx.invoked_subcommand is None:
        from app.cli.launch import open_here

        if code := open_here(front):
            raise typer.Exit(code)

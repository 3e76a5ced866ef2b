"""The tree of verbs, the global options, and the exit codes: 0 done, 1 failed or partly failed, 2 wrong usage."""

from __future__ import annotations

import contextlib
import io
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, ClassVar

import typer
from typer.main import get_command

from app import __version__
from app.cli.front import Front, front_of
from app.cli.output import say, sentence
from app.cli.parser import Verbs, alone, speak
from app.domain.errors import PostkorbError
from app.language import _

if TYPE_CHECKING:
    from typer._click import Command, Context, HelpFormatter

FAILED = 1


class Root(Verbs):
    """`postkorb` itself."""

    lazy: ClassVar = {
        "demo": "app.cli.demo",
        "account": "app.cli.account",
        "sync": "app.cli.sync",
        "watch": "app.cli.watch",
        "mail": "app.cli.mail",
        "contact": "app.cli.crm:contact",
        "lead": "app.cli.crm:lead",
        "task": "app.cli.crm:task",
        "opportunity": "app.cli.crm:opportunity",
        "outbox": "app.cli.outbox",
        "doctor": "app.cli.doctor",
    }

    def format_help(self, ctx: Context, formatter: HelpFormatter) -> None:
        _speak_as_set(ctx)
        super().format_help(ctx, formatter)

    def resolve_command(self, ctx: Context, args: list[str]) -> tuple[str | None, Command | None, list[str]]:
        _speak_as_set(ctx)
        return super().resolve_command(ctx, args)


def _speak_as_set(ctx: Context) -> None:
    """Speak the language of the configuration, and German where it cannot be read: help is there all the same."""
    front = front_of(ctx)
    front.root = ctx.params.get("home")
    try:
        speak(front.settings.language)
    except PostkorbError:
        speak("de")


def _show_version(wanted: bool) -> None:
    if wanted:
        sys.stdout.write(f"postkorb {__version__}\n")
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
            metavar="DIR",
            help="One folder for everything: database, configuration, log.",
        ),
    ] = None,
    version: Annotated[
        bool, typer.Option("--version", is_eager=True, callback=_show_version, help="Show the version.")
    ] = False,
) -> None:
    """Mail and leads in the terminal. Without a verb, the app opens."""
    del version
    front = front_of(ctx)
    front.root = home
    if ctx.invoked_subcommand != "doctor":
        speak(front.settings.language)
    if ctx.invoked_subcommand is None:
        _open(front)


def _open(front: Front) -> None:
    from app.cli.launch import has_terminal, open_app

    if not has_terminal():
        say(
            _(
                "Postkorb opens in a terminal, and there is none here; `postkorb --help` names what works without."
            )
        )
        raise typer.Exit(FAILED)
    open_app(front)


def run(argv: Sequence[str] | None = None) -> int:
    """Carry out one command line (without the program's name); its exit code. Expected errors become one line."""
    front = Front()
    try:
        return _guarded(front, argv)
    except BrokenPipeError:  # whoever read our output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    finally:
        front.close()


def _guarded(front: Front, argv: Sequence[str] | None) -> int:
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    try:
        get_command(app).main(args=argv, prog_name="postkorb", obj=front)
    except PostkorbError as error:
        say(sentence(error))
    except SystemExit as end:
        sys.stdout.flush()
        return end.code if isinstance(end.code, int) else FAILED
    except BrokenPipeError:
        raise
    except Exception as error:  # noqa: BLE001 - the last barrier: nobody is shown a traceback
        _tell_unexpected(front, error)
    return FAILED


def _tell_unexpected(front: Front, error: Exception) -> None:
    """One line for the person, the traceback for the log."""
    import traceback

    say(_("Something went wrong") + f": {type(error).__name__}: {error}")
    with contextlib.suppress(OSError):
        front.home.make()
        with front.home.log_file.open("a", encoding="utf-8", errors="backslashreplace") as log:
            log.write(f"{front.now():%Y-%m-%dT%H:%M:%SZ} {''.join(traceback.format_exception(error))}\n")
        say(_("Details are in {file}.").format(file=front.home.log_file))

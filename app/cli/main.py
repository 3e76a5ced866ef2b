"""One run of the command line and its exit code: 0 done, 1 failed or partly failed, 2 wrong usage.

The app itself is opened, and the version told, without the parser of the verbs: it takes longer to import than the list to
read.
"""

from __future__ import annotations

import contextlib
import io
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from app.cli.front import Front
from app.cli.output import print_version, say, sentence
from app.domain.errors import PostkorbError
from app.language import _, use_language

FAILED = 1


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
    words = sys.argv[1:] if argv is None else list(argv)
    try:
        if words == ["--version"]:
            print_version()
            return 0
        given, rest = _global_options(words)
        front.root, front.stands_in_for = _root_of(given), given.get("--as", "")
        if _only_opens(given, rest):
            use_language(front.settings.language)
            from app.cli.launch import open_here

            return open_here(front)
        return _parsed(front, words)
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


def _parsed(front: Front, argv: Sequence[str]) -> int:
    """Let the parser find the verb and carry it out. Raises PostkorbError, and SystemExit for shell completions."""
    from typer import Abort
    from typer._click.exceptions import ClickException
    from typer.main import get_command

    from app.cli.verbs import app, speak_as_set

    try:
        code = get_command(app).main(args=argv, prog_name="postkorb", obj=front, standalone_mode=False)
    except ClickException as error:
        from app.cli.wrong_usage import told

        speak_as_set(front)
        for line in told(error):
            say(line)
        return error.exit_code
    except Abort:
        say(_("Nothing was done."))
        return FAILED
    sys.stdout.flush()
    return code if isinstance(code, int) else 0


def _global_options(argv: Sequence[str]) -> tuple[dict[str, str], list[str]]:
    """The options with a value that stand before the verb, and all other words."""
    given: dict[str, str] = {}
    rest: list[str] = []
    words = iter(argv)
    for word in words:
        option, equals, value = word.partition("=")
        if option in ("--home", "--as"):
            given[option] = value if equals else next(words, "")
        else:
            rest.append(word)
            if not word.startswith("-"):
                rest += words
    return given, rest


def _only_opens(given: Mapping[str, str], rest: Sequence[str]) -> bool:
    """Whether this is `postkorb`, with nothing but a home or a login, and no shell that asks for completions."""
    whole = all(value and not value.startswith("-") for value in given.values())
    return whole and not rest and "_POSTKORB_COMPLETE" not in os.environ


def _root_of(given: Mapping[str, str]) -> Path | None:
    """The home named before the verb, else that of the environment: its language is spoken, whatever the parser makes
    of the rest."""
    root = given.get("--home", os.environ.get("POSTKORB_HOME", ""))
    return Path(root) if root else None


def _tell_unexpected(front: Front, error: Exception) -> None:
    """One line for the person, the traceback for the log."""
    from app.cli.log import log_unexpected

    say(_("Something went wrong") + f": {type(error).__name__}: {error}")
    with contextlib.suppress(OSError):
        front.home.make()
        log_unexpected(front.home.log_file, error)
        say(_("Details are in {file}.").format(file=front.home.log_file))

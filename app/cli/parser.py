"""Verbs whose help speaks the rep's language, and a group that imports a verb only when it is called."""

from __future__ import annotations

import gettext
import importlib
import os
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command

from app.language import N_, TRANSLATIONS, _, use_language

#: How the parser writes a value that must be given.
_IN_BRACES = re.compile(r"\{([^{}]*)\}")
#: The largest number that a record can have: the store keeps them in 64 bits.
BIGGEST = 2**63 - 1

if TYPE_CHECKING:
    from typer._click import Command, Context, HelpFormatter
    from typer.core import TyperOption as Option

    Base = Command
else:
    Base = object


def speak(language: str) -> None:
    """Use this language for our texts and, through the standard library's domain, for those of the parser."""
    use_language(language)
    os.environ["LANGUAGE"] = language
    gettext.bindtextdomain("postkorb", TRANSLATIONS)
    gettext.textdomain("postkorb")


def translate(command: Any) -> None:
    """Let the help of a command and of its options, written in English, speak the language of this run, without the types
    and ranges of the parser: what a value is, its name says, and why one cannot be used is told when it is given."""
    command.help = _(command.help) if command.help else None
    for param in command.params:
        param.help = _(param.help) if param.help else None
        param.metavar = _(param.metavar) if param.metavar else None
        param.min = param.max = None
        if param.param_type_name == "argument":
            param.display_type_rich = _no_type


def _no_type(ctx: Context) -> None:
    """What stands behind the name of a value in help texts."""


class Spoken(Base):
    """Help in the language of this run."""

    def format_help(self, ctx: Context, formatter: HelpFormatter) -> None:
        translate(self)
        super().format_help(ctx, formatter)

    def format_usage(self, ctx: Context, formatter: HelpFormatter) -> None:
        pieces = _IN_BRACES.sub(r"\1", " ".join(self.collect_usage_pieces(ctx)))
        for word in (N_("[OPTIONS]"), N_("COMMAND [ARGS]...")):
            pieces = pieces.replace(word, _(word))
        formatter.write_usage(ctx.command_path, pieces, prefix=_("Usage: "))

    def get_short_help_str(self, limit: int = 45) -> str:  # noqa: ARG002 - lists wrap what is longer
        """The first sentence, whole."""
        translate(self)
        first, stop, _rest = " ".join((self.help or "").split()).partition(". ")
        return first + stop.strip()

    def get_help_option(self, ctx: Context) -> Option | None:
        option = super().get_help_option(ctx)
        if option is not None and option.help:
            option.help = _(option.help)
        return option


class Verb(Spoken, TyperCommand):
    """One verb."""

    def parse_args(self, ctx: Context, args: list[str]) -> list[str]:
        translate(self)  # what is wrong with a value names it as the help does
        return super().parse_args(ctx, args)


class Verbs(Spoken, TyperGroup):
    """A group of verbs; those in `lazy` are imported when they are called or listed: name and `module:attribute`, the
    attribute being `app` unless named."""

    lazy: ClassVar[Mapping[str, str]] = {}

    def list_commands(self, ctx: Context) -> list[str]:
        return [*super().list_commands(ctx), *self.lazy]

    def get_command(self, ctx: Context, cmd_name: str) -> Command | None:
        place = self.lazy.get(cmd_name)
        if place is None:
            return super().get_command(ctx, cmd_name)
        module, _colon, name = place.partition(":")
        command = get_command(getattr(importlib.import_module(module), name or "app"))
        command.name = cmd_name
        return command


def verbs(help: str, **options: Any) -> typer.Typer:
    """A group of verbs, to be filled with `@app.command(cls=Verb)`."""
    group = alone(cls=Verbs, **options)
    group.callback(help=help)(_nothing)  # or a group of one verb would become that verb
    return group


def alone(**options: Any) -> typer.Typer:
    """A verb that belongs to no group: fill it with one `@app.command(cls=Verb)`."""
    return typer.Typer(
        add_completion=False,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
        **options,
    )


def _nothing() -> None:
    """A group by itself does nothing."""

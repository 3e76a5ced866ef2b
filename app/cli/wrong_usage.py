"""What the parser found wrong with a command line, as sentences in the rep's language; it parses nothing itself."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from app.domain.errors import BadInput, PostkorbError
from app.domain.wrong_value import wrong_value
from app.language import _

if TYPE_CHECKING:
    from typer._click.exceptions import BadOptionUsage, ClickException, NoSuchOption, UsageError


def told(error: ClickException) -> list[str]:
    """The lines for standard error: how the verb is called where that helps, then what is wrong."""
    from typer._click.exceptions import NoArgsIsHelpError, NoSuchOption, UsageError

    if not isinstance(error, UsageError):
        return [error.format_message()]
    if isinstance(error, NoArgsIsHelpError):
        return error.format_message().splitlines()
    lines = [_what(error)]
    if error.ctx is not None:
        help_option = error.ctx.help_option_names[-1]
        hint = _("{command} tells more.").format(command=f"{error.ctx.command_path} {help_option}")
        lines += [error.ctx.get_usage(), hint]
        if isinstance(error, NoSuchOption) and _may_be_a_word(error.option_name, error.ctx.command):
            lines.append(_("What begins with - and is no option stands behind -- there."))
    return lines


@contextmanager
def wrong_values(*more: type[PostkorbError]) -> Iterator[None]:
    """Values that the services cannot use are wrong usage, and no failure; `more`: so are these refusals. Raises
    typer.BadParameter for them."""
    from typer import BadParameter

    wrong: tuple[type[PostkorbError], ...] = (BadInput, *more)
    try:
        yield
    except wrong as error:
        says_all = error.title == BadInput.title or isinstance(error, more)
        raise BadParameter(error.told_cause if says_all else error.told) from error


@contextmanager
def wrong_record_values() -> Iterator[None]:
    """Of what is said of a record, an assignee who cannot have it and a reason that says too little are wrong usage too."""
    from app.domain.leads.rules import (
        InactiveAssignee,
        NoAssignee,
        ReasonNeedsText,
        ReasonNotOffered,
        UnknownAssignee,
    )

    with wrong_values(UnknownAssignee, InactiveAssignee, NoAssignee, ReasonNeedsText, ReasonNotOffered):
        yield


def _may_be_a_word(name: str, command: Any) -> bool:
    """Whether what was taken for an option may be a word that the command takes, such as `-rechnung` in a search."""
    return not name.startswith("--") and any(param.param_type_name == "argument" for param in command.params)


def _what(error: UsageError) -> str:
    from typer._click.exceptions import BadOptionUsage, BadParameter, MissingParameter, NoSuchOption

    if isinstance(error, MissingParameter):
        return _("{name} is missing.").format(name=_name(error))
    if isinstance(error, BadParameter):
        reason = _reason(error)
        return f"{_name(error)}: {reason}" if error.param else reason[:1].upper() + reason[1:]
    if isinstance(error, NoSuchOption):
        return _of_a_verb(error) or _no_such_option(error.option_name, sorted(error.possibilities or ()))
    if isinstance(error, BadOptionUsage):
        return _bad_option(error)
    head, _parenthesis, words = error.message.partition(") (")
    if head.startswith("Got unexpected extra argument"):
        return _("This is too much: {words}").format(words=words.removesuffix(")"))
    return error.message


def _name(error: Any) -> str:
    """The option or argument that it is about, as help texts name it."""
    return str(error.param.get_error_hint()).replace("'", "") if error.param else ""


def _reason(error: Any) -> str:
    """Why a value cannot be used: our own sentence, or the first thing that the parser's types found."""
    found = getattr(error.__cause__, "errors", None)
    if found is None:
        return str(error.message)
    return wrong_value(found()[0])


def _of_a_verb(error: NoSuchOption) -> str:
    """Where the option belongs that a group was given instead of one of its verbs; empty when none of them knows it."""
    from typer.core import TyperGroup

    ctx, name = error.ctx, error.option_name
    if ctx is None or not isinstance(group := ctx.command, TyperGroup):
        return ""
    for verb in group.list_commands(ctx):
        command = group.get_command(ctx, verb)
        if command is not None and any(name in param.opts for param in command.params):
            called = f"{ctx.command_path} {verb} … {name}"
            return _("{name} stands behind what is to be done: {called}").format(name=name, called=called)
    return ""


def _no_such_option(name: str, alike: list[str]) -> str:
    text = _("There is no option {name}.").format(name=name)
    return f"{text} {_('Did you mean {names}?').format(names=', '.join(alike))}" if alike else text


def _bad_option(error: BadOptionUsage) -> str:
    if "does not take" in error.message:
        return _("{name} takes no value.").format(name=error.option_name)
    return _("{name} needs a value.").format(name=error.option_name)

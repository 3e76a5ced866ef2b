"""Why a value that somebody gave cannot be used, in words for people, out of what pydantic found; it checks nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from app.language import _


def wrong_value(found: Mapping[str, Any]) -> str:
    """One entry of `ValidationError.errors()` as words that follow the name of what is wrong."""
    context = found.get("ctx", {})
    own = context.get("error")
    if isinstance(own, ValueError):
        return str(own)
    say = _SENTENCES.get(str(found["type"]))
    return say(context) if say else str(found["msg"])


def _choice(context: Mapping[str, Any]) -> str:
    """pydantic joins what may stand there as `'de', 'en' or 'fr'`."""
    names = re.findall(r"'([^']*)'", str(context.get("expected", "")))
    return _("only {values} may stand here").format(values=", ".join(names))


_SENTENCES: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "missing": lambda _context: _("must not be empty"),
    "enum": lambda _context: _("there is no such value"),
    "extra_forbidden": lambda _context: _("there is no such field"),
    "int_parsing": lambda _context: _("must be a number"),
    "int_type": lambda _context: _("must be a number"),
    "int_parsing_size": lambda _context: _("must be a number"),
    "int_from_float": lambda _context: _("must be a whole number"),
    "greater_than_equal": lambda context: (
        _("must be at least {n}").format(n=context["ge"]) if context["ge"] else _("must not be negative")
    ),
    "less_than_equal": lambda context: _("must be at most {n}").format(n=context["le"]),
    "string_type": lambda _context: _("must be a text"),
    "bool_parsing": lambda _context: _("must be true or false"),
    "bool_type": lambda _context: _("must be true or false"),
    "dict_type": lambda _context: _("must be a table of names and values"),
    "literal_error": _choice,
}

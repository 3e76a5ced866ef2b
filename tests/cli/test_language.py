"""Everything that the command line or a screen says, and every reason that is noted, has its German text."""

from __future__ import annotations

import ast
import errno
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[2]
CATALOGUE = ROOT / "app/translations/de/LC_MESSAGES/postkorb.po"
TREES = {
    str(path.relative_to(ROOT)): ast.parse(path.read_text("utf-8"))
    for path in sorted((ROOT / "app").rglob("*.py"))
}
#: What the parser's own library says in help texts.
PARSER = {
    *("Options", "Arguments", "Commands", "required", "default: {default}", "Show this message and exit."),
    *("Missing command.", "No such command {name!r}.", "[OPTIONS]", "COMMAND [ARGS]..."),
    *("env var: {var}", "Aborted!"),
}
#: What the system's libraries say, in the English of their C locale, and mail servers.
ELSEWHERE = {
    *(os.strerror(number) for number in errno.errorcode),
    *("Name or service not known", "No address associated with hostname"),
    *("Temporary failure in name resolution", "self-signed certificate"),
    *("self-signed certificate in certificate chain", "unable to get local issuer certificate"),
    *("certificate has expired", "Host is unreachable", "Authentication failed.", "Login failed."),
}


def errors() -> set[str]:
    """The names of the classes of errors that a person is shown."""
    bases = {
        node.name: {ast.unparse(base) for base in node.bases}
        for tree in TREES.values()
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
    }
    found: set[str] = set()
    more = {"PostkorbError"}
    while more:
        found |= more
        more = {name for name, above in bases.items() if above & found} - found
    return found


MAKERS = {*errors(), "lose"}


def texts(tree: ast.AST) -> Iterator[str]:
    """Source texts that a person may see: marked ones, help of verbs and options, titles and causes of errors."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            if getattr(node.func, "id", getattr(node.func, "attr", "")) in MAKERS and node.args:
                yield from causes(node.args[0])
            name = getattr(node.func, "id", "")
            if name in ("_", "N_", "verbs") and node.args and isinstance(node.args[0], ast.Constant):
                yield node.args[0].value
            if name == "Described":
                yield from (arg.value for arg in node.args[1:2] if isinstance(arg, ast.Constant))
            if name == "ngettext":
                yield from (arg.value for arg in node.args[:2] if isinstance(arg, ast.Constant))
            yield from (
                word.value.value
                for word in node.keywords
                if word.arg in ("help", "metavar") and isinstance(word.value, ast.Constant)
            )
        elif (
            isinstance(node, ast.FunctionDef)
            and node.args.args
            and ast.unparse(node.args.args[0]) == "ctx: typer.Context"
        ):
            yield ast.get_docstring(node) or ""
        elif isinstance(node, ast.ClassDef):
            yield from (
                line.value.value
                for line in node.body
                if isinstance(line, ast.Assign)
                and getattr(line.targets[0], "id", "") in ("title", "next_step")
                and isinstance(line.value, ast.Constant)
                and line.value.value
            )


def causes(given: ast.AST) -> Iterator[str]:
    """What `told_again` looks up of a cause: all of it, or what stands between its colons; a number in it is `{n}`.
    Words of a protocol (FETCH) stay."""
    if isinstance(given, ast.Constant) and isinstance(given.value, str):
        yield given.value
    elif isinstance(given, ast.JoinedStr):
        parts = as_looked_up(given).split(": ")
        yield from (part for part in parts if part.replace("{n}", "").strip(":") and not part.isupper())


def as_looked_up(given: ast.JoinedStr) -> str:
    return "".join(str(part.value) if isinstance(part, ast.Constant) else "{n}" for part in given.values)


@pytest.fixture(scope="module")
def translated() -> set[str]:
    catalogue = read_po(CATALOGUE.open("rb"))
    return {text for message in catalogue if message.string for text in _ids(message.id)}


@pytest.mark.parametrize("path", TREES)
def test_what_is_said_is_said_in_german_too(path: str, translated: set[str]) -> None:
    said = {text for text in texts(TREES[path]) if text.replace("{where}: {reason}", "")}
    assert sorted(said - translated) == []


def _ids(given: object) -> tuple[str, ...]:
    return given if isinstance(given, tuple) else (str(given),)


def test_the_parser_speaks_german_too() -> None:
    translated = {message.id for message in read_po(CATALOGUE.open("rb")) if message.string}
    assert translated >= PARSER


def test_nothing_is_translated_that_nobody_says() -> None:
    said = {text for tree in TREES.values() for node in ast.walk(tree) for text in _said(node)}
    given = {text for message in read_po(CATALOGUE.open("rb")) if message.id for text in _ids(message.id)}
    assert sorted(given - said - PARSER - ELSEWHERE) == []


def _said(node: ast.AST) -> Iterator[str]:
    """A text as it stands in the code; as a title before the cause, `title: cause`; and with a number, noted with it."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
        yield node.value.removesuffix(": ")
    elif isinstance(node, ast.JoinedStr):
        yield as_looked_up(node)
        yield from causes(node)


def test_the_compiled_catalogue_is_that_of_the_source() -> None:
    import gettext

    compiled = gettext.GNUTranslations(CATALOGUE.with_suffix(".mo").open("rb"))
    for message in read_po(CATALOGUE.open("rb")):
        if message.id and message.string and isinstance(message.id, str):
            assert compiled.gettext(message.id) == message.string

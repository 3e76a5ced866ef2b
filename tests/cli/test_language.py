"""Everything the command line says has its German text."""

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
SERVICES = [*(ROOT / "app/services/accounts").glob("*.py"), *(ROOT / "app/services").glob("*.py")]
SPOKEN = [*sorted((ROOT / "app/cli").glob("*.py")), *sorted(SERVICES)]
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


def texts(path: Path) -> Iterator[str]:
    """Source texts that a person may see: marked ones, help of verbs and options, titles of errors."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", "")
            if name in ("_", "N_", "verbs") and node.args and isinstance(node.args[0], ast.Constant):
                yield node.args[0].value
            if name == "ngettext":
                yield from (arg.value for arg in node.args[:2] if isinstance(arg, ast.Constant))
            yield from (
                word.value.value
                for word in node.keywords
                if word.arg == "help" and isinstance(word.value, ast.Constant)
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


@pytest.mark.parametrize("path", SPOKEN, ids=lambda path: path.name)
def test_what_is_said_is_said_in_german_too(path: Path) -> None:
    catalogue = read_po(CATALOGUE.open("rb"))
    translated = {text for message in catalogue if message.string for text in _ids(message.id)}
    assert sorted(set(texts(path)) - translated) == []


def _ids(given: object) -> tuple[str, ...]:
    return given if isinstance(given, tuple) else (str(given),)


def test_the_parser_speaks_german_too() -> None:
    translated = {message.id for message in read_po(CATALOGUE.open("rb")) if message.string}
    assert translated >= PARSER


def test_nothing_is_translated_that_nobody_says() -> None:
    said = {
        text
        for path in (ROOT / "app").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        for text in _said(node)
    }
    given = {text for message in read_po(CATALOGUE.open("rb")) if message.id for text in _ids(message.id)}
    assert sorted(given - said - PARSER - ELSEWHERE) == []


def _said(node: ast.AST) -> Iterator[str]:
    """A text as it stands in the code; as a title before the cause, `title: cause`; and with a number, noted with it."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
        yield node.value.removesuffix(": ")
    elif isinstance(node, ast.JoinedStr):
        yield "".join(str(part.value) if isinstance(part, ast.Constant) else "{n}" for part in node.values)


def test_the_compiled_catalogue_is_that_of_the_source() -> None:
    import gettext

    compiled = gettext.GNUTranslations(CATALOGUE.with_suffix(".mo").open("rb"))
    for message in read_po(CATALOGUE.open("rb")):
        if message.id and message.string and isinstance(message.id, str):
            assert compiled.gettext(message.id) == message.string

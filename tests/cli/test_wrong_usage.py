"""Wrong usage, wrong settings and what is not there are told in the rep's language, in one sentence each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer._click import Context
from typer.main import get_command

from app.cli.front import Front
from app.cli.parser import BIGGEST, Verbs
from app.cli.verbs import app
from app.language import use_language
from app.mail.errors import BadUrl
from app.mail.urls import parse_url
from app.store.database import Store
from tests.cli.conftest import Postkorb
from tests.store.build import add_folder, add_mail, add_mailbox


@pytest.fixture
def german(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POSTKORB_LANGUAGE", "de")


@pytest.mark.usefixtures("german")
@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("nonsense", "Den Befehl „nonsense“ gibt es nicht."),
        ("account", "Es fehlt ein Befehl."),
        ("account add", "NAME fehlt."),
        ("account add x", "--address fehlt."),
        ("account list --nonsense", "Die Option --nonsense gibt es nicht."),
        ("account list --jso", "Die Option --jso gibt es nicht. Meinten Sie --json?"),
        ("--nonsense", "Die Option --nonsense gibt es nicht."),
        ("mail list --limit", "--limit braucht einen Wert."),
        ("mail list --limit viel", "--limit: muss eine Zahl sein"),
        (f"mail list --limit {10**22}", "--limit: darf höchstens 9223372036854775807 sein"),
        (f"mail list --limit {2**63}", "--limit: darf höchstens"),
        (f"mail show {10**22}", "NUMMER: darf höchstens"),
        (f"mail move 1 {10**22} --folder x", "NUMMER: darf höchstens"),
        (f"mail send --reply-to-mail {10**22}", "--reply-to-mail: darf höchstens"),
        (f"outbox retry {10**22}", "NUMMER: darf höchstens"),
        ("mail list --limit -1", "--limit: darf nicht negativ sein"),
        ("mail list --json=3", "--json nimmt keinen Wert."),
        ("mail list x y", "Das ist zu viel: x y"),
        ("mail show x", "NUMMER: muss eine Zahl sein"),
        ("mail link 3", "Nennen Sie einen Datensatz mit --contact"),
    ],
)
def test_wrong_usage_is_told_in_german_before_anything_else(
    postkorb: Postkorb, words: str, said: str
) -> None:
    ran = postkorb(*words.split())
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(said)
    for english in ("Error", "Try", "Invalid", "Missing", "OPTIONS", "Usage"):
        assert english not in ran.err


def verbs(command: Any, *path: str) -> Iterator[tuple[str, ...]]:
    """The words that lead to every verb and to every group of verbs."""
    yield path
    if isinstance(command, Verbs):
        ctx = Context(command, obj=Front())
        for name in command.list_commands(ctx):
            yield from verbs(command.get_command(ctx, name), *path, name)


#: What stands for a value in help texts; the first three are those of the parser itself.
VALUES = (
    *("OPTIONEN", "BEFEHL", "WERTE", "ADRESSE", "ANDERER", "ANMELDENAME", "ANZAHL", "DATEI", "DATENSATZ"),
    *("ERGEBNIS", "FELD", "KAMPAGNE", "SEITE"),
    *("EURO", "MONAT", "NAME", "NUMMER", "ORDNER", "PROZENT", "ROLLE", "STAND", "TAG", "TAGE", "TEXT", "URL"),
    *("WÖRTER", "ZWECK"),
)


@pytest.mark.usefixtures("german")
def test_help_says_in_german_what_a_value_is_and_no_word_of_the_parser(postkorb: Postkorb) -> None:
    ways = list(verbs(get_command(app)))
    assert ("opportunity", "change") in ways
    for words in ways:
        told = postkorb(*words, "--help").out
        assert not re.search(r"[<>{}]|\[x", told), words
        for line in told.splitlines():
            if line.startswith(("Aufruf:", "  --", "  -h")) or re.match(r"  [A-ZÄÖÜ]+  ", line):
                named = line.removeprefix("  ").partition("  ")[0].replace("JSON", "")
                assert set(re.findall(r"\b[A-ZÄÖÜ]{2,}\b", named)) <= set(VALUES), line


def test_help_names_no_number_that_only_a_database_knows(postkorb: Postkorb) -> None:
    for words in (("mail", "list"), ("mail", "show"), ("account", "add"), ("outbox", "retry")):
        text = postkorb(*words, "--help").out
        assert text
        assert str(BIGGEST) not in text


def test_a_word_that_is_taken_for_an_option_gets_a_hint(postkorb: Postkorb) -> None:
    hint = "What begins with - and is no option stands behind -- there."
    assert hint in postkorb("mail", "search", "-von:x").err
    assert postkorb("mail", "search", "--", "-von:x").code == 0
    assert hint not in postkorb("mail", "search", "--nonsense").err
    assert hint not in postkorb("account", "list", "-x").err


def test_wrong_usage_is_told_in_english_on_request(postkorb: Postkorb) -> None:
    ran = postkorb("account", "list", "--jso")
    assert ran.code == 2
    assert ran.err.splitlines() == [
        "There is no option --jso. Did you mean --json?",
        "Usage: postkorb account list [OPTIONS]",
        "postkorb account list --help tells more.",
    ]


@pytest.mark.usefixtures("german")
def test_the_list_of_verbs_cuts_no_sentence_and_shows_no_empty_default(postkorb: Postkorb) -> None:
    told = postkorb("mail", "--help").out
    assert "..." not in told.partition("Befehle:")[2]
    assert "außer Spam und Papierkorb." in " ".join(told.split())
    assert "Vorgabe" not in postkorb("mail", "send", "--help").out


@pytest.mark.usefixtures("german")
@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("contact show 7", "Diesen Kontakt gibt es nicht: 7"),
        ("lead show 7", "Diesen Lead gibt es nicht: 7"),
        ("task show anruf", "Diese Aufgabe gibt es nicht: anruf"),
        ("opportunity show 7", "Diese Verkaufschance gibt es nicht: 7"),
        ("mail show 7", "Diese Nachricht gibt es nicht: 7"),
        ("mail comment 7 --text x", "Diese Nachricht gibt es nicht: 7"),
        ("account test nix", "Dieses Konto gibt es nicht: nix"),
        ("mail list --folder nix", "Diesen Ordner gibt es nicht: nix"),
        ("outbox drop 7", "Diese Nachricht gibt es im Postausgang nicht: 7"),
    ],
)
def test_what_is_not_there_is_named_by_its_kind(postkorb: Postkorb, words: str, said: str) -> None:
    ran = postkorb(*words.split())
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.startswith(said)


@pytest.mark.usefixtures("german")
@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("foo:bar", "sie muss mit einem davon beginnen: imaps, imap"),
        ("imaps://anna:geheim@mail.firma.example", "darin darf kein Passwort stehen"),
        ("imaps://anna@host:0", "0 ist kein Port"),
        ("imap+insecure://anna@mail.firma.example", "imap+insecure gilt nur für diesen Rechner"),
        ("maildir://Mail/x", "ein Pfad braucht drei Schrägstriche"),
    ],
)
def test_an_address_that_cannot_be_used_is_explained_in_german_and_noted_in_english(
    text: str, said: str
) -> None:
    use_language("de")
    with pytest.raises(BadUrl) as caught:
        parse_url(text)
    assert caught.value.told.startswith(f"Diese Serveradresse ist nicht verwendbar: {said}")
    assert str(caught.value).startswith("This server address cannot be used: ")
    assert "sie" not in str(caught.value).split()


@pytest.mark.usefixtures("german")
def test_a_wrong_variable_is_named_and_not_the_file(
    postkorb: Postkorb, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POSTKORB_SYNC_MINUTES", "oft")
    for ran in (postkorb("mail", "list"), postkorb("doctor")):
        assert ran.code == 1
        assert "POSTKORB_SYNC_MINUTES: muss eine Zahl sein" in ran.err + ran.out
        assert "config.toml" not in ran.err + ran.out


@pytest.mark.usefixtures("german")
@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("sync_minutes = 0", "config.toml: sync_minutes: muss mindestens 1 sein"),
        ('theme = "rosa"', "config.toml: theme: hier geht nur dark, light, terminal"),
        ("theme = dark", "config.toml: Zeile 1, Spalte 9 ist nicht lesbar"),
        ('theme = "dark', "config.toml: "),
        ("keys = 3", "config.toml: keys: muss eine Tabelle"),
    ],
)
def test_a_wrong_setting_is_explained_in_german(postkorb: Postkorb, home: Path, text: str, said: str) -> None:
    home.mkdir()
    (home / "config.toml").write_text(text)
    ran = postkorb("mail", "list")
    assert (ran.code, ran.err.count("\n")) == (1, 1)
    assert ran.err.startswith("Die Konfiguration ist so nicht möglich: ")
    assert said in ran.err
    assert said in postkorb("doctor").out


@pytest.mark.usefixtures("german")
def test_a_list_without_mail_says_what_to_do_next(postkorb: Postkorb, store: Store) -> None:
    def told(*words: str) -> str:
        ran = postkorb("mail", *words)
        assert (ran.code, ran.out) == (0, "")
        return ran.err

    assert "postkorb account add" in told("list")
    inbox = add_folder(store, add_mailbox(store))
    assert "postkorb sync" in told("list")
    add_mail(store, inbox, seen=True)
    assert "Keine Mail ist so" in told("list", "--unread")
    assert "Nichts gefunden" in told("search", "einhorn")


@pytest.mark.parametrize("query", ["", " ", "%%%", "von:", "ist:egal", "anfrage vor:quatsch"])
def test_a_search_that_is_not_understood_names_no_mail(postkorb: Postkorb, store: Store, query: str) -> None:
    add_mail(store, add_folder(store, add_mailbox(store)))
    ran = postkorb("mail", "search", query)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err


@pytest.mark.usefixtures("german")
def test_the_doctor_says_when_no_mailbox_is_set_up(postkorb: Postkorb) -> None:
    for _ in range(2):  # without a database, then with an empty one
        ran = postkorb("doctor")
        assert ran.code == 0
        assert "offen  Konto: Es ist kein Postfach eingerichtet." in ran.out
        assert "postkorb account add" in ran.out
        postkorb("account", "list")


@pytest.mark.usefixtures("german")
@pytest.mark.parametrize("number", [str(10**22), str(2**63), "9" * 5000], ids=["long", "just", "huge"])
def test_a_record_of_a_number_that_no_record_can_have_is_not_there(postkorb: Postkorb, number: str) -> None:
    ran = postkorb("contact", "show", number)
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.startswith("Diesen Kontakt gibt es nicht")
    assert ran.err.count("\n") == 1

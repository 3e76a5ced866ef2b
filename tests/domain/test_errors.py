"""What was noted in English is told again in the rep's language."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import told_again
from app.language import _, in_english
from app.mail.errors import CommandRefused, ConnectionFailed, ConnectionLost, HostUnknown, PostkorbError


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (
            ConnectionFailed("{where}: {reason}", where="127.0.0.1:1", reason="Connection refused"),
            "Der Server ist nicht erreichbar: 127.0.0.1:1: Verbindung abgelehnt",
        ),
        (
            HostUnknown("{where}: {reason}", where="imap.x.example", reason="Name or service not known"),
            "Der Servername wurde nicht gefunden: imap.x.example: Name unbekannt",
        ),
        (
            ConnectionLost("no answer within 20 seconds"),
            "Die Verbindung zum Server ist abgebrochen: seit 20 Sekunden keine Antwort",
        ),
        (
            ConnectionFailed("{where}: no answer within {n} seconds", where="h:993", n=20),
            "Der Server ist nicht erreichbar: h:993: seit 20 Sekunden keine Antwort",
        ),
        (
            CommandRefused("the server does not let this flag be changed in the folder: \\Flagged"),
            "Der Server hat den Befehl abgelehnt: der Server lässt diese Kennzeichnung in dem Ordner nicht ändern: "
            "\\Flagged",
        ),
    ],
)
def test_a_cause_is_told_in_german_at_once_and_when_it_was_noted(error: PostkorbError, told: str) -> None:
    assert error.told == told
    assert told_again(str(error)) == told


@given(st.text(st.sampled_from("ab:{} 12n")))
def test_what_nobody_knows_stays_as_it_is(noted: str) -> None:
    assert told_again(noted) == noted


def test_english_is_spoken_for_a_while_only() -> None:
    with in_english():
        assert _("Subject") == "Subject"
    assert _("Subject") == "Betreff"

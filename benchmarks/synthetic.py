"""A store of any size, the same every time: German sales mail drawn by Zipf's law, written straight through SQL.

Not a sync: nothing is fetched or parsed, and all mails share one source. The words are indexed as a sync would
(about 150 a mail with the quoted part and the signature, folded), newest batches first.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import accumulate
from pathlib import Path

from app.domain.folding import fold
from app.domain.mail.messages import Role
from app.mail.mime import pack
from app.store.database import Store
from app.store.fulltext import search

END = 1_795_000_000  # November 2026
YEARS = 5
BATCH = 2_000
SOURCE = 1  # its row

RARE = "Quittierungsschlüssel"  # one mail in 2,000
PHRASE = "verbindliche Zusage"  # side by side in one mail of 200
COMMON = "Angebot"  # in most mails
PREFIX = "Rechnungspr"
SENDER = "s.berger@vogel-pumpen5.example"  # a busy customer

_LITTLE = """der die und in den von zu das mit sich des auf für ist im dem nicht ein eine als auch es an werden aus er
hat dass sie nach wird bei einer um am sind noch wie einem über einen so zum war haben nur oder aber vor zur bis mehr
durch man sein wurde wir ihr bitte gerne danke Ihnen Ihre unser unsere morgen heute wenn kann muss soll""".split()
SUBJECT_WORDS = """Angebot Rechnung Auftrag Lieferung Termin Kunde Vertrag Preis Menge Anfrage Bestellung Unterlagen Freigabe
Zahlung Rabatt Skonto Frist Muster Zeichnung Prüfung Abnahme Montage Wartung Maschine Anlage Werk Lager Spedition Zoll
Qualität Änderung Übersicht Entwurf Protokoll Bericht Schulung Beratung Einkauf Buchhaltung Abteilung Rückruf Messe
Besuch Büro Straße Größe Stück Summe Betrag Steuer Konto München Köln Düsseldorf Zürich Österreich Müller Schäfer Krüger
Jäger Weiß Böhm Günther Voß prüfen senden liefern bestätigen bezahlen klären abstimmen ergänzen verschieben""".split()
_HEAD = """Angebots Rechnungs Auftrags Liefer Kunden Projekt Vertrags Preis Bestell Zahlungs Prüf Montage Wartungs
Geräte Maschinen Anlagen Lager Fracht Verpackungs Qualitäts Änderungs Schulungs Vertriebs Einkaufs Messe Reise Büro
Kündigungs Haftungs Steuer Stahl Kupfer Kunststoff Glas Pumpen Ventil Getriebe Motor Sensor Kühl Wasser Druck""".split()
_TAIL = """bestätigung prüfung übersicht nummer datum frist änderung stellung abteilung leitung planung vorlage liste
mappe akte kopie unterlagen bericht protokoll gespräch termin preis kosten rabatt summe konto schein plan zeichnung
muster teil gehäuse schrank anschluss menge wert messung regelung system vertrag klausel schaden ersatz transport
verfahren lösung schulung verwaltung vorbereitung nachweis entwicklung abwicklung auswertung""".split()
_NAMES = "Berger Vogel Schmidt Weber Wagner Becker Hoffmann Koch Bauer Richter Wolf Neumann Braun Lange Peters".split()
_GIVEN = "Silke Anna Jörg Sabine Björn Petra Jürgen Heike Thomas Ute Michael Stefan Lars Monika Sören Regina".split()
_TRADES = "pumpen maschinenbau logistik elektro baustoffe druck sanitaer software energie glas".split()

FOLDERS = (
    ("INBOX", Role.INBOX, 80),
    ("Angebote", Role.NONE, 6),
    ("Kunden", Role.NONE, 6),
    ("Gesendet", Role.SENT, 6),
    ("Papierkorb", Role.TRASH, 2),
)


def vocabulary() -> list[str]:
    """Words by falling frequency: little ones, then those of trade, then ever rarer compounds and numbers."""
    rng = random.Random("words")
    compounds = [head + tail for head in _HEAD for tail in _TAIL]
    compounds += [
        head + tail + ("s" if tail[-1] in "gt" else "") + end
        for head in _HEAD
        for tail in _TAIL
        for end in _TAIL[::3]
    ]
    rng.shuffle(compounds)
    numbers = [f"{kind}{number:05}" for kind in ("AX", "KR", "BV", "PM") for number in range(6_000)]
    rng.shuffle(numbers)
    mixed: list[str] = []
    little, big = _LITTLE[:], SUBJECT_WORDS[:]
    while little or big:
        mixed += little[:2] + big[:2]
        little, big = little[2:], big[2:]
    rare: list[str] = []
    while compounds or numbers:
        rare += compounds[:2] + numbers[:1]
        compounds, numbers = compounds[2:], numbers[1:]
    return mixed + rare


class Texts:
    """Draws folded texts and people, the same ones for the same message."""

    def __init__(self) -> None:
        self._words = [fold(word) for word in vocabulary()]
        self._weights = list(accumulate(1 / (rank + 2.7) ** 1.02 for rank in range(len(self._words))))
        rng = random.Random("people")
        self.people = [(f"{rng.choice(_GIVEN)} {rng.choice(_NAMES)}", "") for _ in range(2_000)]
        self.people = [
            (
                name,
                f"{name[0].lower()}.{name.split()[1].lower()}@{name.split()[1].lower()}-{_TRADES[n % 10]}{n}.example",
            )
            for n, (name, _) in enumerate(self.people)
        ]
        self.people[5] = ("Silke Berger", SENDER)

    def body(self, rng: random.Random) -> str:
        count = min(1_200, max(12, int(rng.lognormvariate(4.7, 0.8))))
        words = rng.choices(self._words, cum_weights=self._weights, k=count)
        if rng.random() < 1 / 2_000:
            words.append(fold(RARE))
        if rng.random() < 1 / 200:
            words.append(fold(PHRASE))
        return " ".join(words)

    def subject(self, rng: random.Random) -> str:
        return " ".join(rng.choices(SUBJECT_WORDS, k=2)) + f" {rng.randrange(100_000)}/26"

    def person(self, rng: random.Random) -> tuple[str, str]:
        return self.people[int(len(self.people) * rng.random() ** 3)]


def build(target: Path | str, mails: int) -> Store:
    """A store with so many mails in two mailboxes, four fifths of them in one inbox; five minutes a million."""
    store = Store(target)
    folders = _folders(store)
    _source(store)
    texts = Texts()
    for first in range(0, mails, BATCH):
        _batch(store, texts, folders, mails, range(first, min(mails, first + BATCH)))
    with store.write() as tx:
        tx.run("ANALYZE")
    return store


def _folders(store: Store) -> list[tuple[int, Role, int]]:
    made: list[tuple[int, Role, int]] = []
    with store.write() as tx:
        for mailbox, share in ((1, 0.98), (2, 0.02)):
            tx.run(
                "INSERT INTO mailbox (id, name) VALUES (?, ?)", (mailbox, f"vertrieb{mailbox}@haus.example")
            )
            for name, role, weight in FOLDERS:
                tx.run(
                    "INSERT INTO folder (mailbox_id, path, name, role) VALUES (?, ?, ?, ?)",
                    (mailbox, name, name, role),
                )
                made.append((int(tx.value("SELECT max(id) FROM folder")), role, int(weight * share * 1_000)))
    return made


def _source(store: Store) -> None:
    """The one source that all messages share."""
    from benchmarks.maildir import message  # which draws its words from here

    rng = random.Random("source")
    text = " ".join(rng.choices(vocabulary(), k=250))
    raw = pack(message(0, text, rng, datetime.fromtimestamp(END, UTC)))
    with store.write() as tx:
        tx.run("INSERT INTO message_source (id, raw) VALUES (?, ?)", (SOURCE, raw))


def _batch(
    store: Store,
    texts: Texts,
    folders: list[tuple[int, Role, int]],
    mails: int,
    numbers: range,
) -> None:
    weights = [weight for _, _, weight in folders]
    messages: list[tuple[object, ...]] = []
    words: list[tuple[int, search.Words]] = []
    copies: list[tuple[int, ...]] = []
    for key, digest, rng in _identities(mails, numbers):
        subject, (name, address), (to_name, to) = texts.subject(rng), texts.person(rng), texts.person(rng)
        files = int(rng.random() < 0.12)
        messages.append(
            (
                key,
                digest,
                digest.hex(),
                key >> 24,
                key >> 20,
                name,
                address,
                to,
                subject,
                rng.randrange(2_000, 60_000),
                files,
                SOURCE,
            )
        )
        words.append(
            (
                key,
                (
                    fold(f"{name} {address}"),
                    fold(f"{to_name} {to}"),
                    fold(subject),
                    texts.body(rng),
                    "angebot 2026 pdf" if files else "",
                ),
            )
        )
        folder, role, _ = rng.choices(folders, weights)[0]
        received = role not in (Role.SENT, Role.TRASH)
        unprocessed = int(received and rng.random() < (0.9 if (END - (key >> 20)) < 5 * 86_400 else 0.002))
        copies.append(
            (
                folder,
                key,
                int(rng.random() > 0.01),
                int(rng.random() < 0.01),
                int(rng.random() < 0.1),
                unprocessed,
            )
        )
    with store.write() as tx:
        tx.run_many(_MESSAGE, messages)
        tx.run_many(_COPY, copies)
        search.index_words(tx, words)


_MESSAGE = """INSERT INTO message (id, digest, header_message_id, thread_id, date, sender_name, sender_address,
  recipients, subject, size, attachments, source_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"""
_COPY = """INSERT INTO mail_copy (folder_id, message_id, seen, flagged, answered, unprocessed)
  VALUES (?, ?, ?, ?, ?, ?)"""


def _identities(mails: int, numbers: range) -> Iterator[tuple[int, bytes, random.Random]]:
    """Ids from the newest backwards, the digest they end in, and the dice of each message."""
    step = YEARS * 365 * 86_400 / mails
    for number in numbers:
        digest = hashlib.blake2b(number.to_bytes(8), digest_size=16).digest()
        key = (int(END - number * step) << 20) | (int.from_bytes(digest[:3]) & 0xFFFFF)
        yield key, digest, random.Random(number)

"""Plans the demo's mailbox and writes it as a Maildir++; fills no store."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from random import Random

from app.services.demo.catalogue import Scenario, catalogue
from app.services.demo.data import DemoMail
from app.services.demo.ledger import Ledger
from app.services.demo.letters import ARCHIVE, DRAFTS, INBOX, JUNK, SENT, TRASH, Letter, compose
from app.services.demo.newsletters import newsletters
from app.services.demo.oddities import Oddities
from app.services.demo.stories import Story, Storyteller
from app.services.demo.team import demo_team
from app.services.demo.times import work_before

#: Folder names as people read them, and as Maildir++ with modified UTF-7 (RFC 3501 section 5.1.3) writes them.
FOLDERS = {
    INBOX: "",
    SENT: ".Gesendet",
    DRAFTS: ".Entw&APw-rfe",
    TRASH: ".Papierkorb",
    JUNK: ".Spam",
    ARCHIVE: ".Archiv",
    "Angebote": ".Angebote",
    "Kunden": ".Kunden",
    "Aufträge": ".Auftr&AOQ-ge",
}
_UNREAD = 12
_FRESH = 3  # of these, not yet looked at by any mail program


def write_demo_maildir(folder: Path, now: datetime, seed: int = 1) -> DemoMail:
    """Write about 400 mails of the eight weeks before `now` below `folder`, and return what belongs to them.

    The same `now` and `seed` write the same bytes. Raises ValueError if `now` is not aware, and OSError if the folder
    cannot be written.
    """
    if now.tzinfo is None:
        raise ValueError("now must be an aware datetime")
    now = now.astimezone(UTC)
    world = catalogue()
    random = Random(seed)  # noqa: S311 - example data that must be the same every time
    teller = Storyteller(world, random, now, seed)
    stories = _stories(teller, random, now)
    ledger = Ledger(world, Random(seed), now)  # noqa: S311 - the mails stay as they are, whatever is told of leads
    for story in stories:
        ledger.enter(story)
    letters = [letter for story in stories for letter in story.letters]
    for letter in newsletters(world, teller, random, now):
        letters.append(letter)
        if letter.folder == ARCHIVE:
            ledger.link_to_task(letter.id, "Marktübersicht lesen", 6)
    ledger.close()
    waiting = [story.letters[0] for story in stories if story.open and not story.letters[0].answered]
    letters += Oddities(world.house, teller, random, now).letters(waiting[-2:])
    _set_unread(letters)
    _write(folder, letters)
    linked = {link.message_id for link in ledger.links}
    return DemoMail(
        own_name=world.house.rep.name,
        own_login=world.house.rep.login,
        own_address=world.house.rep.address,
        mails=len(letters),
        members=demo_team().members,
        campaigns=ledger.campaigns,
        contacts=tuple(ledger.contacts),
        leads=tuple(ledger.leads),
        tasks=tuple(ledger.tasks),
        links=tuple(ledger.links),
        unprocessed=tuple(
            letter.id for letter in letters if letter.folder == INBOX and letter.id not in linked
        ),
        comments=tuple(ledger.comments),
        marks=tuple(ledger.marks),
    )


def _stories(teller: Storyteller, random: Random, now: datetime) -> list[Story]:
    """All stories, oldest first: those dealt with over eight weeks, denser towards now, the open ones in the last four
    working days."""
    done: list[tuple[Scenario, int]] = []
    waiting: list[tuple[Scenario, int]] = []
    for scenario in catalogue().scenarios:
        for use in range(scenario.uses):
            (waiting if use >= scenario.uses - scenario.open else done).append((scenario, use))
    random.shuffle(done)
    random.shuffle(waiting)
    aged = [(2 + 315 * (n / len(done)) ** 1.15 + 4 * random.random(), *pair) for n, pair in enumerate(done)]
    aged += [(0.2 + 38 * (n / len(waiting)) ** 1.4, *pair) for n, pair in enumerate(waiting)]
    aged.sort(key=lambda entry: -entry[0])
    return [teller.tell(scenario, use, work_before(now, hours)) for hours, scenario, use in aged]


def _set_unread(letters: list[Letter]) -> None:
    """The newest of the inbox are unread, but not those that were answered."""
    inbox = [letter for letter in letters if letter.folder == INBOX]
    for letter in inbox:
        letter.seen = True
    inbox.sort(key=lambda letter: letter.when, reverse=True)
    for letter in [letter for letter in inbox if not letter.answered][:_UNREAD]:
        letter.seen = False


def _write(folder: Path, letters: list[Letter]) -> None:
    for name in FOLDERS.values():
        for part in ("cur", "new", "tmp"):
            (folder / name / part).mkdir(parents=True, exist_ok=True)
        if name:
            (folder / name / "maildirfolder").touch()
    letters = sorted(letters, key=lambda letter: letter.when)
    unread = [letter for letter in letters if letter.folder == INBOX and not letter.seen]
    fresh = {letter.id for letter in unread[-_FRESH:]}
    for number, letter in enumerate(letters):
        arrived = int(letter.when.timestamp())
        name = f"{arrived}.M{number:06}P1.demo"
        place = f"new/{name}" if letter.id in fresh else f"cur/{name}:2,{_info(letter)}"
        path = folder / FOLDERS[letter.folder] / place
        path.write_bytes(compose(letter))
        os.utime(path, (arrived, arrived))


def _info(letter: Letter) -> str:
    """The flags in ASCII order, as Maildir wants them."""
    signs = {"D": letter.draft, "F": letter.flagged, "R": letter.answered, "S": letter.seen}
    return "".join(sign for sign, is_set in signs.items() if is_set)

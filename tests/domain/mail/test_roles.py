"""Sent, drafts, junk, trash and archive are found, by the server's word or by their usual names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.mail.messages import FolderRow, Role
from app.domain.mail.roles import (
    ATTRIBUTES,
    Listed,
    assign_roles,
    effect_of_lack,
    folder_word,
    folders_meant,
    lacking,
    role_by_name,
    role_word,
)
from app.language import use_language


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("INBOX", Role.INBOX),
        ("Inbox", Role.INBOX),
        ("Gesendet", Role.SENT),
        ("Gesendete Elemente", Role.SENT),
        ("gesendete objekte", Role.SENT),
        ("Sent Items", Role.SENT),
        ("INBOX/Sent", Role.SENT),
        ("Entwürfe", Role.DRAFTS),
        ("Inbox/Entwürfe", Role.DRAFTS),
        ("DRAFTS", Role.DRAFTS),
        ("Papierkorb", Role.TRASH),
        ("Gelöschte Elemente", Role.TRASH),
        ("Gelöschte Objekte", Role.TRASH),
        ("Deleted Items", Role.TRASH),
        ("[Gmail]/Papierkorb", Role.TRASH),
        ("Spam", Role.JUNK),
        ("Junk-E-Mail", Role.JUNK),
        ("Unerwünscht", Role.JUNK),
        ("Archiv", Role.ARCHIVE),
        ("Archive", Role.ARCHIVE),
        ("Kunden", Role.NONE),
        ("Kunden/Archiv", Role.NONE),
        ("Archiv/2025", Role.NONE),
        ("Sent to Müller", Role.NONE),
        ("", Role.NONE),
    ],
)
def test_usual_names_have_roles(name: str, role: Role) -> None:
    assert role_by_name(name) == role


def test_the_servers_word_goes_before_a_usual_name() -> None:
    folders = [Listed("a", "Gesendet"), Listed("b", "Ausgang", ("\\HasNoChildren", "\\Sent"))]
    assert assign_roles(folders) == {"b": Role.SENT}


def test_the_shorter_of_two_usual_names_wins() -> None:
    folders = [Listed("a", "Gesendete Elemente"), Listed("b", "Sent"), Listed("c", "INBOX/Sent")]
    assert assign_roles(folders) == {"b": Role.SENT}


def test_a_folder_called_archive_that_the_server_calls_all_is_not_the_archive_too() -> None:
    folders = [Listed("a", "Archive", ("\\All",)), Listed("b", "Archiv")]
    assert assign_roles(folders) == {"a": Role.ALL, "b": Role.ARCHIVE}


def test_inbox_keeps_its_role_whatever_the_server_adds() -> None:
    assert assign_roles([Listed("INBOX", "INBOX", ("\\Archive",))]) == {"INBOX": Role.INBOX}


NAMES = st.sampled_from(
    ["Sent", "Gesendet", "INBOX", "Papierkorb", "Trash", "Archiv", "Kunden", "Spam", "Junk"]
)
FOLDERS = st.lists(
    st.tuples(NAMES, st.lists(st.sampled_from(list(ATTRIBUTES)), max_size=3)), unique_by=lambda pair: pair[0]
)


@given(FOLDERS)
def test_no_role_is_given_twice_and_none_is_made_up(folders: list[tuple[str, list[str]]]) -> None:
    listed = [Listed(name, name, tuple(attributes)) for name, attributes in folders]
    roles = assign_roles(listed)
    assert len(set(roles.values())) == len(roles)
    for folder in listed:
        role = roles.get(folder.path, Role.NONE)
        assert role in {Role.NONE, role_by_name(folder.name), *(ATTRIBUTES[a] for a in folder.attributes)}


@pytest.mark.parametrize(
    ("name", "role", "word"),
    [
        ("INBOX", Role.INBOX, "Posteingang"),
        ("Junk", Role.JUNK, "Spam"),
        ("INBOX/Junk-E-Mail", Role.JUNK, "Spam"),
        ("Trash", Role.TRASH, "Papierkorb"),
        ("Sent Items", Role.SENT, "Gesendet"),
        ("Drafts", Role.DRAFTS, "Entwürfe"),
        ("Archive", Role.ARCHIVE, "Archiv"),
        ("[Gmail]/All Mail", Role.ALL, "Alle Nachrichten"),
        ("Verdächtiges", Role.JUNK, "Verdächtiges"),
        ("Ablage/2026", Role.ARCHIVE, "Ablage/2026"),
        ("Kunden/Vogel", Role.NONE, "Kunden/Vogel"),
        ("Junk", Role.NONE, "Junk"),
    ],
)
def test_a_folder_with_a_usual_name_has_one_german_word(name: str, role: Role, word: str):
    use_language("de")
    assert folder_word(name, role) == word


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("Posteingang", [1]),
        ("inbox", [1]),
        ("Papierkorb", [2, 5]),
        ("Trash", [2]),
        ("gesendet", [3]),
        ("Kunden", [4]),
        ("Spam", []),
        ("nichts", []),
    ],
)
def test_a_folder_is_found_by_its_name_and_else_by_the_word_for_its_role(word: str, meant: list[int]) -> None:
    use_language("de")
    folders = [
        FolderRow(number, mailbox, "", name, role, 0, 0, 0, synced=True)
        for number, mailbox, name, role in (
            (1, 1, "INBOX", Role.INBOX),
            (2, 1, "Trash", Role.TRASH),
            (3, 1, "Sent", Role.SENT),
            (4, 1, "Kunden", Role.NONE),
            (5, 2, "Papierkorb", Role.NONE),
        )
    ]
    assert sorted(folder.id for folder in folders_meant(word, folders)) == meant


@pytest.mark.parametrize("language", ["de", "en"])
def test_a_folder_that_is_made_for_a_role_is_recognised_by_its_name(language: str) -> None:
    use_language(language)
    for role in lacking([]):
        assert role_by_name(role_word(role)) is role
        assert effect_of_lack(role)
    use_language("de")


@given(st.lists(st.sampled_from(Role)))
def test_what_a_mailbox_lacks_is_what_no_folder_is_for(roles: list[Role]) -> None:
    lacks = set(lacking(roles))
    assert lacks.isdisjoint(roles)
    assert Role.DRAFTS not in lacks
    assert (Role.ARCHIVE in lacks) is not (Role.ARCHIVE in roles or Role.ALL in roles)
    assert set(lacking([*roles, *lacks])) == set()

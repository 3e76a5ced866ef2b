"""`postkorb member`, and working in the name of others with `--as`."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.store.database import Store
from tests.cli.conftest import Postkorb

AtKeyboard = Callable[[str], None]


@pytest.fixture
def at_keyboard(monkeypatch: pytest.MonkeyPatch) -> AtKeyboard:
    """Let somebody else sit at the keyboard."""
    return lambda login: monkeypatch.setattr("app.cli.front.Front.keyboard", login)


@pytest.fixture(autouse=True)
def _anna_at_the_keyboard(at_keyboard: AtKeyboard) -> None:
    at_keyboard("anna")


@pytest.fixture
def team(postkorb: Postkorb, store: Store) -> None:
    """Anna, the admin, and Tom."""
    assert store.read.rows("SELECT * FROM member") == []
    words = ("--login", "tom", "--address", "Tom@Haus.example", "--address", "kern@haus.example")
    assert postkorb("member", "add", "Tom Kern", *words).code == 0


TOM = {
    "login": "tom",
    "name": "Tom Kern",
    "addresses": ["tom@haus.example", "kern@haus.example"],
    "role": "rep",
    "active": True,
}


@pytest.mark.usefixtures("team")
def test_members_are_added_and_listed(postkorb: Postkorb) -> None:
    listed = postkorb("member", "list", "--json").json
    assert sorted(listed, key=lambda member: member["login"])[1] == TOM
    added = postkorb(
        "member", "add", "Vera Holm", "--login", "vera", "--role", "privacy officer", "--json"
    ).json
    assert added == {"login": "vera", "name": "Vera Holm", "addresses": [], "role": "privacy", "active": True}
    out = postkorb("member", "list").out
    for said in ("Tom Kern", "tom@haus.example, kern@haus.example", "privacy officer", "admin"):
        assert said in out


def test_nobody_is_in_a_new_team(postkorb: Postkorb) -> None:
    ran = postkorb("member", "list")
    assert (ran.code, ran.out) == (0, "")
    assert "becomes its admin" in ran.err
    assert postkorb("member", "list", "--json").json == []


@pytest.mark.usefixtures("team")
def test_a_member_is_changed(postkorb: Postkorb) -> None:
    assert (
        postkorb("member", "change", "tom", "--name", "Tomasz Kern", "--json").json["name"] == "Tomasz Kern"
    )
    changed = postkorb("member", "change", "tom", "--address", "", "--role", "admin", "--json").json
    assert changed == TOM | {"name": "Tomasz Kern", "addresses": [], "role": "admin"}
    ran = postkorb("member", "change", "tom")
    assert (ran.code, ran.out) == (2, "")


@pytest.mark.usefixtures("team")
def test_a_member_is_deactivated_once_nothing_is_left_to_do(postkorb: Postkorb, store: Store) -> None:
    with store.write() as tx:
        tx.run("INSERT INTO lead (title, assignee, state) VALUES ('Vogel', 'tom', 'active')")
    ran = postkorb("member", "deactivate", "tom")
    assert (ran.code, ran.out) == (1, "")
    assert "Tom Kern still has 1 lead. Pass it on with --pass-to LOGIN" in ran.err
    assert postkorb("member", "deactivate", "tom", "--pass-to", "anna", "--json").json == TOM | {
        "active": False
    }
    assert store.read.rows("SELECT assignee FROM lead") == [("anna",)]
    assert postkorb("member", "activate", "tom", "--json").json == TOM


@pytest.mark.usefixtures("team")
@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("add", "Tom", "--login", "TOM"), 2, "Tom Kern has the login tom already"),
        (("add", "Tom", "--login", "a b"), 2, "Login: only letters"),
        (("add", " ", "--login", "b"), 2, "Name: must not be empty"),
        (("add", "Tom", "--login", "b", "--address", "x"), 2, "no e-mail address"),
        (("add", "Tom", "--login", "b", "--role", "boss"), 2, "Role: only rep, admin"),
        (("change", "tom", "--role", "boss"), 2, "Role: only rep, admin"),
        (("change", "tom", "--name", " "), 2, "Name: must not be empty"),
        (("change", "nobody", "--name", "X"), 1, "There is no such member: nobody"),
        (("change", "n\udcff\x1b[31m", "--name", "X"), 1, "There is no such member: n\ufffd\ufffd[31m"),
        (("deactivate", "anna"), 1, "only active admin"),
    ],
)
def test_what_cannot_be_is_told_and_changes_nothing(
    postkorb: Postkorb, words: tuple[str, ...], code: int, said: str
) -> None:
    before = postkorb("member", "list", "--json").json
    ran = postkorb("member", *words)
    assert (ran.code, ran.out) == (code, "")
    assert said in ran.err
    assert postkorb("member", "list", "--json").json == before


@pytest.mark.usefixtures("team")
def test_a_rep_changes_no_member(postkorb: Postkorb, at_keyboard: AtKeyboard) -> None:
    at_keyboard("tom")
    ran = postkorb("member", "change", "tom", "--role", "admin")
    assert (ran.code, ran.out) == (1, "")
    assert "Only an admin changes the team" in ran.err


# -- in the name of others


@pytest.mark.usefixtures("team")
def test_what_an_admin_does_with_as_is_done_by_that_member(postkorb: Postkorb, store: Store) -> None:
    for words in (("--as", "tom"), ("--as=TOM",)):
        ran = postkorb(*words, "contact", "new", "--name", "Silke Berger", "--json")
        assert ran.code == 0, ran.err
        assert ran.json["assignee"] == "tom"
    assert postkorb("--as", "tom", "member", "add", "X", "--login", "x").code == 1


@pytest.mark.usefixtures("team")
@pytest.mark.parametrize("words", [("mail", "list"), ("contact", "list"), ("outbox", "list"), ()])
@pytest.mark.parametrize(
    ("keyboard", "login", "said"),
    [
        ("anna", "nobody", "There is no such member: nobody"),
        ("anna", "gone", "no longer active"),
        ("tom", "anna", "Only an admin may work in the name of others"),
        ("stranger", "tom", "You are not in the team: stranger"),
    ],
)
def test_nobody_else_works_in_the_name_of_others(
    postkorb: Postkorb,
    at_keyboard: AtKeyboard,
    monkeypatch: pytest.MonkeyPatch,
    words: tuple[str, ...],
    keyboard: str,
    login: str,
    said: str,
) -> None:
    postkorb("member", "add", "Gone", "--login", "gone")
    postkorb("member", "deactivate", "gone")
    at_keyboard(keyboard)
    monkeypatch.setattr("app.cli.launch.has_terminal", lambda: True)
    ran = postkorb("--as", login, *words)
    assert (ran.code, ran.out) == (1, "")
    assert said in ran.err


def test_as_needs_a_login(postkorb: Postkorb) -> None:
    assert postkorb("--as").code == 2


@pytest.mark.usefixtures("team")
def test_the_doctor_tells_who_is_at_the_keyboard(postkorb: Postkorb, at_keyboard: AtKeyboard) -> None:
    def told() -> tuple[bool, str, str | None]:
        found = [f for f in postkorb("doctor", "--json").json["findings"] if f["area"] == "team"]
        assert len(found) == 1
        return found[0]["ok"], found[0]["text"], found[0]["advice"]

    assert told() == (True, "anna (anna), admin", None)
    at_keyboard("stranger")
    ok, text, advice = told()
    assert (ok, text) == (False, "stranger is not in the team")
    assert advice is not None
    assert "postkorb member add" in advice
    at_keyboard("anna")
    postkorb("member", "deactivate", "tom")
    at_keyboard("tom")
    ok, text, advice = told()
    assert (ok, text) == (False, "Tom Kern (tom), rep: no longer active")
    assert advice == "An admin takes you in again: postkorb member activate tom"


def test_the_doctor_says_that_a_team_has_no_admin_yet(postkorb: Postkorb, store: Store) -> None:
    findings = postkorb("doctor", "--json").json["findings"]
    (found,) = [f for f in findings if f["area"] == "team"]
    assert found["ok"] is True
    assert "such as anna, becomes one" in found["text"]
    assert store.read.rows("SELECT * FROM member") == []


@pytest.mark.usefixtures("store")
def test_a_user_without_a_login_name_is_told(postkorb: Postkorb, at_keyboard: AtKeyboard) -> None:
    at_keyboard("")
    findings = postkorb("doctor", "--json").json["findings"]
    (found,) = [f for f in findings if f["area"] == "team"]
    assert (found["ok"], found["text"]) == (False, "This user has no login name.")
    assert "You are not in the team" in postkorb("member", "add", "X", "--login", "x").err

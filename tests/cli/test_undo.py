"""`postkorb undo` takes the last step back, and fails when nothing or only a part of it came back."""

from __future__ import annotations

import pytest

from app.store.database import Store
from tests.cli.conftest import Postkorb
from tests.cli.test_crm import made
from tests.store.leads import add_member


def test_what_could_not_be_taken_back_ends_with_1_and_says_why(
    postkorb: Postkorb, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("getpass.getuser", lambda: "anna")
    add_member(store, "anna", "Anna Berg", "admin")
    add_member(store, "ben", "Ben Kurz")
    lead = made(postkorb, "lead", title="Vogel 2027")["id"]
    assert postkorb("lead", "assign", lead, "--to", "ben").code == 0
    assert postkorb("--as", "ben", "lead", "finish", lead, "--failure", "--reason", "competitor").code == 0
    assert postkorb("--as", "ben", "lead", "reopen", lead).code == 0
    ran = postkorb("undo")
    assert ran.code == 1
    assert "Not undone: “Vogel 2027”" in ran.err
    assert "(1 was changed since and stays)" in ran.err
    again = postkorb("undo", "--json")
    assert (again.code, again.json["changed"], again.json["left_out"]) == (1, 0, 1)

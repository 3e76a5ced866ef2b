"""Fields of a form whose value is one of several words."""

from __future__ import annotations

from textual.app import App

from app.domain.team.members import Member, MemberRole
from app.screens.dialogs.boxes import Picker
from app.screens.members import member_words
from app.screens.records.form import FormLine, RecordForm, Typed

TEAM = [
    Member("anna", "Anna Ahrens"),
    Member("berg", "A. Berg", MemberRole.ADMIN),
    Member("cora", "Cora Claus", MemberRole.PRIVACY),
    Member("dirk", "Dirk Dorn", active=False),
    Member("eva", "Eva Ernst"),
    Member("falk", "Falk Fuchs"),
]


async def _given(words: tuple[tuple[str, str], ...], value: str, *keys: str) -> tuple[object, bool]:
    """What a form with one field gives back after these keys, and whether a list to choose from was opened."""
    given: list[Typed | None] = []
    picked = False
    app: App[None] = App()
    async with app.run_test() as pilot:
        line = FormLine("assignee", "Assignee", value, words=words)
        form = RecordForm("Lead", "", [line], enter="store", check=lambda typed: typed)
        app.push_screen(form, given.append)
        await pilot.pause()
        form.query_one("#field-assignee").focus()
        for key in (*keys, "enter"):
            await pilot.press(key)
            await pilot.pause()
            picked = picked or isinstance(app.screen, Picker)
    assert given[0] is not None
    return given[0]["assignee"], picked


async def test_space_goes_round_a_few_words() -> None:
    words = (("new", "New"), ("done", "Done"))
    assert await _given(words, "new", "space") == ("done", False)


async def test_one_of_many_is_found_by_typing() -> None:
    words = member_words(TEAM, "nobody")
    assert await _given(words, "anna", "space", "b", "e", "r", "enter") == ("berg", True)


async def test_work_is_given_to_active_members_who_work_on_leads() -> None:
    assert [login for login, _name in member_words(TEAM)] == ["anna", "berg", "eva", "falk"]


async def test_somebody_who_left_stays_where_they_were_until_another_is_chosen() -> None:
    assert await _given(member_words(TEAM), "dirk") == ("dirk", False)

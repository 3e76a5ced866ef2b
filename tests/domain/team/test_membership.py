"""Logins, names, addresses and roles as they are typed, and what must stay true of a team."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import BadInput, Refused
from app.domain.team.members import Member, MemberRole
from app.domain.team.membership import (
    LONGEST_LOGIN,
    MemberExists,
    OpenWork,
    check_an_admin_stays,
    check_is_new,
    check_manages,
    read_addresses,
    read_login,
    read_name,
    read_role,
    works,
)
from app.domain.text import clean_line
from app.language import in_english

ANNA = Member("anna", "Anna Berg", MemberRole.ADMIN)
TOM = Member("tom", "Tom Kern")
VERA = Member("vera", "Vera Holm", MemberRole.PRIVACY)


@pytest.mark.parametrize(
    "login", ["a", "anna.berg", "jürgen", "a-b_c.d", "7up", "Ольга", "x" * LONGEST_LOGIN]
)
def test_a_login_is_letters_and_digits_with_signs_between(login: str) -> None:
    assert read_login(f" {login} ") == login


@pytest.mark.parametrize(
    "login",
    [
        *(
            "",
            "  ",
            "a b",
            "a,b",
            "a=2",
            "@anna",
            "anna@haus",
            "anna.",
            "-anna",
            "_x",
            "a/b",
            "a\nb",
            "a\x1b[31m",
        ),
        *("a\u202eb", "a\u200bb", "x" * (LONGEST_LOGIN + 1)),
    ],
)
def test_what_would_not_end_where_it_ends_is_no_login(login: str) -> None:
    with pytest.raises(BadInput):
        read_login(login)


@given(st.text(max_size=60))
def test_a_login_that_is_taken_can_stand_in_a_list_a_mention_and_on_a_terminal(typed: str) -> None:
    try:
        login = read_login(typed)
    except BadInput:
        return
    assert not re.search(r"[\s,=@/:;]", login)
    assert clean_line(login) == login
    assert read_login(login) == login


def test_an_umlaut_is_one_letter_however_it_was_typed() -> None:
    assert read_login("ju\u0308rgen") == "j\u00fcrgen"


def test_a_name_is_one_clean_line() -> None:
    assert read_name("  Anna \t Berg\n") == "Anna Berg"
    assert "\x1b" not in read_name("Anna\x1b[31m")
    for wrong in ("", " \n", "x" * 81):
        with pytest.raises(BadInput):
            read_name(wrong)


def test_addresses_are_kept_once_in_lower_case() -> None:
    given = ["Anna@Haus.example", " anna@haus.example ", "", "vertrieb@haus.example"]
    assert read_addresses(given) == ("anna@haus.example", "vertrieb@haus.example")
    with pytest.raises(BadInput, match="anna"):
        read_addresses(["anna"])


@pytest.mark.parametrize(
    ("typed", "role"),
    [
        *(("rep", MemberRole.REP), ("Admin", MemberRole.ADMIN), (" privacy ", MemberRole.PRIVACY)),
        *(("Vertrieb", MemberRole.REP), ("Datenschutz", MemberRole.PRIVACY)),
    ],
)
def test_a_role_is_named_in_english_or_german(typed: str, role: MemberRole) -> None:
    assert read_role(typed) is role


def test_an_unknown_role_is_told_with_those_there_are() -> None:
    with in_english(), pytest.raises(BadInput, match=r"rep, admin, privacy officer \(privacy\)"):
        read_role("boss")


def test_only_an_admin_changes_the_team() -> None:
    check_manages(ANNA)
    for member in (TOM, VERA):
        with pytest.raises(Refused):
            check_manages(member)


def test_logins_that_differ_in_capitals_alone_are_one() -> None:
    check_is_new("anne", [ANNA, TOM])
    with pytest.raises(MemberExists, match="Anna Berg"):
        check_is_new("ANNA", [ANNA, TOM])


@pytest.mark.parametrize("role", MemberRole)
@pytest.mark.parametrize("active", [True, False])
@pytest.mark.parametrize("other_is_admin", [True, False])
@pytest.mark.parametrize("other_is_active", [True, False])
def test_an_admin_always_stays(
    role: MemberRole, active: bool, other_is_admin: bool, other_is_active: bool
) -> None:
    other = Member("tom", "Tom", MemberRole.ADMIN if other_is_admin else MemberRole.REP, other_is_active)
    after = Member("anna", "Anna Berg", role, active)
    still = (role is MemberRole.ADMIN and active) or (other_is_admin and other_is_active)
    if still:
        check_an_admin_stays(ANNA, after, [ANNA, other])
    else:
        with pytest.raises(Refused, match="only active admin"):
            check_an_admin_stays(ANNA, after, [ANNA, other])


def test_reps_and_admins_work_while_they_are_active() -> None:
    assert [works(member) for member in (ANNA, TOM, VERA, Member("x", "X", active=False))] == [
        *(True, True, False, False)
    ]


def test_open_work_is_told_by_what_there_is() -> None:
    with in_english():
        assert OpenWork(3, 1, 0).told == "3 leads, 1 task"
        assert OpenWork(0, 0, 2).told == "2 opportunities"
    assert not OpenWork()
    assert OpenWork(tasks=1)

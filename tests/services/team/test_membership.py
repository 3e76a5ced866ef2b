"""The team is changed by admins, never left without one, and nobody leaves it with work that nobody would do."""

from __future__ import annotations

import threading
from datetime import UTC, datetime

import pytest

from app.domain.crm.history import Event
from app.domain.crm.kinds import Kind
from app.domain.errors import BadInput, Refused
from app.domain.team.members import Member, MemberRole, NotAMember
from app.domain.team.membership import MemberExists, MemberNotFound, OpenWork, WorkLeft
from app.services.team.acting import team
from app.services.team.membership import (
    HandOver,
    MemberChange,
    add_member,
    change_member,
    member_of,
    open_work,
    stand_in,
    team_with_work,
)
from app.store.database import Store

NOW = datetime(2026, 11, 20, 13, 2, tzinfo=UTC)
NOON = int(NOW.timestamp())


def add(store: Store, login: str, role: MemberRole = MemberRole.REP, *, author: str = "anna") -> Member:
    return add_member(store, login.title(), login, [f"{login}@haus.example"], role, author=author, now=NOW)


def change(
    store: Store, login: str, hand_over: HandOver | None = None, *, author: str = "anna", **what: object
) -> Member:
    return change_member(
        store,
        login,
        MemberChange(**what),  # type: ignore[arg-type]
        author=author,
        now=NOW,
        hand_over=hand_over,
    )


@pytest.fixture
def house(store: Store) -> Store:
    """Anna is the admin, tom and eva are reps, vera is the privacy officer; tom has something of everything."""
    for login, role in (("tom", MemberRole.REP), ("eva", MemberRole.REP), ("vera", MemberRole.PRIVACY)):
        add(store, login, role)
    with store.write() as tx:
        for state, result in (("active", ""), ("active", ""), ("done", "failure")):
            tx.run(
                """INSERT INTO lead (title, assignee, state, result, activated_at, created_at, changed_at)
  VALUES ('L', 'tom', ?, ?, 5, 5, ?)""",
                (state, result, NOON + 7),
            )
        for state in ("open", "done"):
            tx.run("INSERT INTO task (title, assignee, state) VALUES ('T', 'tom', ?)", (state,))
        for stage in ("Angebot", "Gewonnen", "Verloren", "Frueher"):
            tx.run("INSERT INTO opportunity (title, assignee, stage) VALUES ('O', 'tom', ?)", (stage,))
    return store


def of(store: Store, kind: str, login: str) -> int:
    return int(store.read.value(f"SELECT count(*) FROM {kind} WHERE assignee = ?", (login,)))


def test_the_first_one_is_the_admin_and_takes_others_in(store: Store) -> None:
    tom = add(store, "tom")
    roles = {member.login: member.role for member in team(store)}
    assert roles == {"anna": MemberRole.ADMIN, "tom": MemberRole.REP}
    assert member_of(store, "TOM") == tom
    assert tom.addresses == ("tom@haus.example",)


def test_who_takes_themselves_in_first_is_the_admin_by_that_name(store: Store) -> None:
    made = add_member(store, "Anna Berg", "anna", ["a@haus.example"], MemberRole.REP, author="anna", now=NOW)
    assert (made.name, made.role) == ("Anna Berg", MemberRole.ADMIN)
    assert team(store) == [made]
    with pytest.raises(MemberExists):
        add_member(store, "Anna Berg", "anna", author="anna", now=NOW)


def test_a_login_is_given_once(house: Store) -> None:
    with pytest.raises(MemberExists):
        add(house, "Tom")
    with pytest.raises(BadInput):
        add_member(house, "", "neu", author="anna", now=NOW)


@pytest.mark.parametrize("author", ["tom", "vera"])
def test_who_is_no_admin_changes_nothing(house: Store, author: str) -> None:
    before = team(house)
    for attempt in (
        lambda: add(house, "neu", author=author),
        lambda: change(house, author, role=MemberRole.ADMIN, author=author),
        lambda: change(house, "eva", active=False, author=author),
    ):
        with pytest.raises(Refused):
            attempt()
    assert team(house) == before


def test_who_is_not_in_the_team_changes_nothing(house: Store) -> None:
    with pytest.raises(NotAMember):
        add(house, "neu", author="stranger")
    change(house, "eva", active=False)
    with pytest.raises(NotAMember):
        change(house, "eva", active=True, author="eva")


def test_what_is_not_named_stays(house: Store) -> None:
    before = member_of(house, "eva")
    assert change(house, "eva", name="Eva  Holm").name == "Eva Holm"
    assert change(house, "eva", addresses=[""]).addresses == ()
    after = member_of(house, "eva")
    assert (after.login, after.role, after.active) == (before.login, before.role, before.active)
    with pytest.raises(MemberNotFound):
        change(house, "nobody", name="X")


def test_the_last_admin_can_neither_leave_nor_lose_the_role(house: Store) -> None:
    for what in ({"active": False}, {"role": MemberRole.REP}, {"role": MemberRole.PRIVACY}):
        with pytest.raises(Refused, match="only active admin"):
            change(house, "anna", **what)
    change(house, "eva", role=MemberRole.ADMIN)
    assert change(house, "anna", role=MemberRole.REP).role is MemberRole.REP
    with pytest.raises(Refused):
        change(house, "tom", name="T")


def test_two_admins_who_let_each_other_go_at_once_leave_one(house: Store) -> None:
    change(house, "eva", role=MemberRole.ADMIN)
    ready = threading.Barrier(2)
    refused: list[Exception] = []

    def let_go(author: str, other: str) -> None:
        ready.wait()
        try:
            change(house, other, author=author, active=False)
        except (Refused, NotAMember) as error:
            refused.append(error)
        finally:
            house.leave()

    threads = [threading.Thread(target=let_go, args=pair) for pair in (("anna", "eva"), ("eva", "anna"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 1
    assert [m.role for m in team(house) if m.active].count(MemberRole.ADMIN) == 1


def test_open_work_is_counted(house: Store) -> None:
    assert open_work(house, "tom") == OpenWork(2, 1, 2)  # a stage that is gone decides nothing
    assert {member.login: work for member, work in team_with_work(house)}["tom"] == OpenWork(2, 1, 2)
    assert not open_work(house, "eva")


@pytest.mark.parametrize("what", [{"active": False}, {"role": MemberRole.PRIVACY}])
def test_nobody_leaves_work_behind(house: Store, what: dict[str, object]) -> None:
    with pytest.raises(WorkLeft) as told:
        change(house, "tom", **what)
    assert told.value.work == OpenWork(2, 1, 2)
    assert member_of(house, "tom").active
    change(house, "eva", **what)


def test_work_is_passed_on(house: Store) -> None:
    change(house, "tom", HandOver("EVA"), active=False)
    assert not open_work(house, "tom")
    assert open_work(house, "eva") == OpenWork(2, 1, 2)
    assert (of(house, "lead", "tom"), of(house, "task", "tom"), of(house, "opportunity", "tom")) == (1, 1, 2)
    told = house.read.rows("SELECT kind, event, author, details FROM history_entry ORDER BY id")
    assert [(kind, event, author) for kind, event, author, _ in told] == [
        *[(Kind.LEAD, Event.ASSIGNED, "anna")] * 2,
        (Kind.TASK, Event.ASSIGNED, "anna"),
        *[(Kind.OPPORTUNITY, Event.ASSIGNED, "anna")] * 2,
    ]
    assert told[0][3] == '{"assignee": ["tom", "eva"]}'
    assert house.read.rows("SELECT DISTINCT changed_at FROM lead WHERE assignee = 'eva'") == [(NOON + 8,)]


def test_leads_are_taken_back_and_the_rest_comes_to_the_admin(house: Store) -> None:
    change(house, "tom", HandOver(take_back=True), active=False)
    assert house.read.rows(
        "SELECT state, activated_at, count(*) FROM lead WHERE assignee = '' GROUP BY 1, 2"
    ) == [("new", None, 2)]
    assert open_work(house, "anna") == OpenWork(0, 1, 2)


def test_an_admin_who_leaves_gives_leads_back_and_the_rest_to_a_colleague(house: Store) -> None:
    change(house, "tom", role=MemberRole.ADMIN)
    with pytest.raises(BadInput):
        change(house, "tom", HandOver(take_back=True), author="tom", active=False)
    change(house, "tom", HandOver("eva", take_back=True), author="tom", active=False)
    assert open_work(house, "eva") == OpenWork(0, 1, 2)
    change(house, "eva", role=MemberRole.ADMIN)
    with house.write() as tx:
        tx.run("UPDATE task SET state = 'done'")
        tx.run("UPDATE opportunity SET stage = 'Verloren'")
        tx.run("UPDATE lead SET assignee = 'eva', state = 'active' WHERE state = 'new'")
    change(house, "eva", HandOver(take_back=True), author="eva", active=False)
    assert house.read.value("SELECT count(*) FROM lead WHERE state = 'new'") == 2


def test_leads_are_taken_back_and_the_rest_goes_to_a_colleague(house: Store) -> None:
    change(house, "tom", HandOver("eva", take_back=True), active=False)
    assert open_work(house, "eva") == OpenWork(0, 1, 2)


@pytest.mark.parametrize(
    ("to", "error"), [("tom", BadInput), ("vera", Refused), ("gone", Refused), ("nobody", MemberNotFound)]
)
def test_work_is_passed_to_somebody_who_can_do_it(house: Store, to: str, error: type[Exception]) -> None:
    add(house, "gone")
    change(house, "gone", active=False)
    with pytest.raises(error):
        change(house, "tom", HandOver(to), active=False)
    assert member_of(house, "tom").active
    assert open_work(house, "tom") == OpenWork(2, 1, 2)


def test_an_admin_works_in_the_name_of_others(house: Store) -> None:
    assert stand_in(house, "anna", "Tom", NOW) == "tom"
    for keyboard in ("tom", "vera"):
        with pytest.raises(Refused, match="Only an admin"):
            stand_in(house, keyboard, "eva", NOW)
    with pytest.raises(NotAMember):
        stand_in(house, "stranger", "eva", NOW)
    with pytest.raises(MemberNotFound):
        stand_in(house, "anna", "nobody", NOW)
    change(house, "eva", active=False)
    with pytest.raises(Refused, match="no longer active"):
        stand_in(house, "anna", "eva", NOW)

"""Whatever a team does with leads, in whatever order: the state follows from the facts, success has its opportunity, and the
history tells all of it.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from app.domain.crm.kinds import LeadResult
from app.domain.crm.reasons import FinishReason
from app.domain.errors import PostkorbError
from app.domain.leads.distribution import Share
from app.domain.leads.rules import (
    Assign,
    Fail,
    LeadStep,
    Reopen,
    Standing,
    Succeed,
    TakeBack,
    Team,
    may_be_given,
    refusal,
)
from app.domain.team.members import MemberRole
from app.domain.undo import KEPT_STEPS, NothingToUndo
from app.services.leads.distributing import distribute
from app.services.leads.finishing import fail, succeed
from app.services.leads.working import assign, reopen, take_back
from app.services.team.acting import team_of
from app.services.undo.undoing import undo
from app.store.leads.changing import standing_leads
from tests.services.leads.team import NOW, add_leads, broken_leads, furnish, history
from tests.store.empty import new_store
from tests.store.invariants import check

MEMBERS = ("anna", "ben", "cleo", "dora", "emil", "nobody")
AUTHORS = st.sampled_from(MEMBERS)
TARGETS = st.sampled_from(MEMBERS)
LEADS = st.integers(0, 3)
SOME = st.lists(LEADS, min_size=1, max_size=4, unique=True)


@dataclass
class Step:
    """What a step did: how each lead stood before and after it, how often somebody had worked with it by then, and the
    opportunity that was made."""

    leads: dict[int, tuple[Standing, Standing]] = field(default_factory=dict)
    seen: dict[int, int] = field(default_factory=dict)
    opportunity: int | None = None


def refused_to_work(login: str, team: Team) -> bool:
    """Whether nobody lets this login work on leads."""
    return login not in team or not team[login].active or team[login].role is MemberRole.PRIVACY


class Work(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.store = new_store(Path(self.folder.name) / "postkorb.db")
        self.now = NOW

    def teardown(self) -> None:
        check(self.store)
        self.store.close()
        self.folder.cleanup()

    @initialize()
    def begin(self) -> None:
        furnish(self.store)
        self.leads = add_leads(self.store, 4)
        self.told = dict.fromkeys(self.leads, 0)
        self.opportunities: dict[int, int] = {}
        self.steps: dict[str, list[Step]] = {}
        self.worked: dict[int, list[str]] = {lead: [] for lead in self.leads}

    def _standing(self, lead: int) -> Standing:
        return standing_leads(self.store.read, [lead])[lead].standing

    def _allowed(self, lead: int, author: str, step: LeadStep) -> bool:
        """What the rules say, asked before."""
        self.now += timedelta(minutes=1)
        team = team_of(self.store.read)
        return author in team and refusal(self._standing(lead), step, team[author], team, self.now) is None

    def _count(self, lead: int, allowed: bool, done: bool) -> None:
        assert allowed == done
        self.told[lead] += done

    @contextmanager
    def _step(self, author: str) -> Iterator[Step]:
        """Note what a step does with leads, so that it can be compared with what taking it back does."""
        before = {lead: self._standing(lead) for lead in self.leads}
        step = Step()
        yield step
        after = {lead: self._standing(lead) for lead in self.leads}
        step.leads = {lead: (before[lead], after[lead]) for lead in self.leads if before[lead] != after[lead]}
        for lead in step.leads:
            self.worked[lead].append(author)
        step.seen = {lead: len(self.worked[lead]) for lead in step.leads}
        if step.leads:
            self.steps.setdefault(author, []).append(step)
            del self.steps[author][:-KEPT_STEPS]

    @rule(author=AUTHORS, to=TARGETS, places=SOME)
    def give(self, author: str, to: str, places: list[int]) -> None:
        ids = [self.leads[place] for place in places]
        allowed = [self._allowed(lead, author, Assign(to)) for lead in ids]
        with self._step(author):
            try:
                done = assign(self.store, ids, to, author=author, now=self.now).done
            except PostkorbError:
                done = ()
        for lead, may in zip(ids, allowed, strict=True):
            self._count(lead, may, lead in done)

    @rule(author=AUTHORS, to=st.lists(TARGETS, min_size=1, max_size=2, unique=True), in_turn=st.booleans())
    def share_out(self, author: str, to: list[str], in_turn: bool) -> None:
        before = {lead: self._standing(lead) for lead in self.leads}
        shares = [Share(login) for login in to]
        with self._step(author):
            try:
                given = distribute(
                    self.store, self.leads, shares, author=author, now=self.now, in_turn=in_turn
                )
            except PostkorbError:
                given = None
        if given is None:
            assert {lead: self._standing(lead) for lead in self.leads} == before
            return
        assert sum(given.assigned.values()) + len(given.refused) == len(self.leads)
        for lead in self.leads:
            self._count(
                lead, not before[lead].assignee, lead not in {refused.id for refused in given.refused}
            )

    @rule(author=AUTHORS, place=LEADS)
    def give_back(self, author: str, place: int) -> None:
        lead = self.leads[place]
        allowed = self._allowed(lead, author, TakeBack())
        with self._step(author):
            try:
                done = take_back(self.store, [lead], author=author, now=self.now).done
            except PostkorbError:
                done = ()
        self._count(lead, allowed, bool(done))

    @rule(author=AUTHORS, place=LEADS)
    def win(self, author: str, place: int) -> None:
        lead = self.leads[place]
        allowed = self._allowed(lead, author, Succeed())
        with self._step(author) as step:
            try:
                found = succeed(self.store, lead, {"assignee": author}, author=author, now=self.now)
            except PostkorbError:
                found = None
            else:
                step.opportunity = None if found.kept else found.opportunity
        self._count(lead, allowed, found is not None)
        if found is None:
            return
        assert found.kept == (lead in self.opportunities)
        assert self.opportunities.setdefault(lead, found.opportunity) == found.opportunity

    @rule(author=AUTHORS, place=LEADS, text=st.sampled_from(["", "zu weit"]))
    def lose(self, author: str, place: int, text: str) -> None:
        lead = self.leads[place]
        allowed = self._allowed(lead, author, Fail(FinishReason("other", needs_text=True), text))
        with self._step(author) as step, suppress(PostkorbError):
            fail(self.store, lead, "other", text, author=author, now=self.now)
        self._count(lead, allowed, bool(step.leads))

    @rule(author=AUTHORS, place=LEADS)
    def open_again(self, author: str, place: int) -> None:
        lead = self.leads[place]
        allowed = self._allowed(lead, author, Reopen())
        with self._step(author) as step, suppress(PostkorbError):
            reopen(self.store, lead, author=author, now=self.now)
        self._count(lead, allowed, bool(step.leads))

    @rule(author=AUTHORS)
    def take_the_last_step_back(self, author: str) -> None:
        """What the author did last with each lead, unless others have worked with it since."""
        self.now += timedelta(minutes=1)
        stood = {lead: self._standing(lead) for lead in self.leads}
        team, steps = team_of(self.store.read), self.steps.get(author, [])
        try:
            done = undo(self.store, author=author, now=self.now)
        except NothingToUndo:
            assert not steps
            return
        except PostkorbError:
            assert refused_to_work(author, team)
            return
        step = steps.pop()
        back = {
            lead
            for lead, (before, after) in step.leads.items()
            if stood[lead] == after
            and not any(by != author for by in self.worked[lead][step.seen[lead] :])
            and (before.result or not before.assignee or may_be_given(before.assignee, team))
        }
        made = step.opportunity is not None
        assert (done.count, done.left_out) == (
            len(back) * (1 + made),
            (len(step.leads) - len(back)) * (1 + made),
        )
        for lead in self.leads:
            assert self._standing(lead) == (step.leads[lead][0] if lead in back else stood[lead])
            self.told[lead] += lead in back
            self.worked[lead] += [author] * (lead in back)
        if made and back:
            del self.opportunities[back.pop()]

    @rule(login=st.sampled_from(["ben", "emil"]), active=st.booleans())
    def come_and_go(self, login: str, active: bool) -> None:
        with self.store.write() as tx:
            tx.run("UPDATE member SET active = ? WHERE login = ?", (int(active), login))

    @invariant()
    def the_state_follows_from_the_facts(self) -> None:
        assert broken_leads(self.store) == []

    @invariant()
    def the_history_tells_how_each_lead_came_to_stand_as_it_does(self) -> None:
        for lead, steps in self.told.items():
            entries = history(self.store, lead)
            assert len(entries) == steps
            facts = {"assignee": "", "result": ""}
            for _event, author, _text, details in entries:
                assert author in MEMBERS
                for name, fact in facts.items():
                    before, after = details.get(name, [fact, fact])
                    assert before == fact
                    facts[name] = after
            standing = self._standing(lead)
            assert (standing.assignee, standing.result) == (facts["assignee"], LeadResult(facts["result"]))


TestWork = Work.TestCase
TestWork.settings = settings(
    max_examples=15, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
)

"""Whatever a team does with leads, in whatever order: the state follows from the facts, success has its opportunity, and the
history tells all of it.
"""

from __future__ import annotations

import tempfile
from datetime import timedelta
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from app.domain.crm.kinds import LeadResult
from app.domain.crm.reasons import FinishReason
from app.domain.errors import PostkorbError
from app.domain.leads.distribution import Share
from app.domain.leads.rules import Assign, Fail, LeadStep, Reopen, Standing, Succeed, TakeBack, refusal
from app.services.leads.distributing import distribute
from app.services.leads.finishing import fail, succeed
from app.services.leads.working import assign, reopen, take_back
from app.services.team.acting import team_of
from app.store.leads.changing import standing_leads
from tests.services.leads.team import NOW, add_leads, broken_leads, furnish, history
from tests.store.empty import new_store
from tests.store.invariants import check

MEMBERS = ("anna", "ben", "cleo", "dora", "emil", "nobody")
AUTHORS = st.sampled_from(MEMBERS)
TARGETS = st.sampled_from(MEMBERS)
LEADS = st.integers(0, 3)
SOME = st.lists(LEADS, min_size=1, max_size=4, unique=True)


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

    @rule(author=AUTHORS, to=TARGETS, places=SOME)
    def give(self, author: str, to: str, places: list[int]) -> None:
        ids = [self.leads[place] for place in places]
        allowed = [self._allowed(lead, author, Assign(to)) for lead in ids]
        try:
            done = assign(self.store, ids, to, author=author, now=self.now).done
        except PostkorbError:
            done = ()
        for lead, may in zip(ids, allowed, strict=True):
            self._count(lead, may, lead in done)

    @rule(author=AUTHORS, to=st.lists(TARGETS, min_size=1, max_size=2, unique=True), in_turn=st.booleans())
    def share_out(self, author: str, to: list[str], in_turn: bool) -> None:
        before = {lead: self._standing(lead) for lead in self.leads}
        try:
            given = distribute(
                self.store,
                self.leads,
                [Share(login) for login in to],
                author=author,
                now=self.now,
                in_turn=in_turn,
            )
        except PostkorbError:
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
        try:
            done = take_back(self.store, [lead], author=author, now=self.now).done
        except PostkorbError:
            done = ()
        self._count(lead, allowed, bool(done))

    @rule(author=AUTHORS, place=LEADS)
    def win(self, author: str, place: int) -> None:
        lead = self.leads[place]
        allowed = self._allowed(lead, author, Succeed())
        try:
            found = succeed(self.store, lead, {"assignee": author}, author=author, now=self.now)
        except PostkorbError:
            self._count(lead, allowed, False)
            return
        self._count(lead, allowed, True)
        assert found.kept == (lead in self.opportunities)
        assert self.opportunities.setdefault(lead, found.opportunity) == found.opportunity

    @rule(author=AUTHORS, place=LEADS, text=st.sampled_from(["", "zu weit"]))
    def lose(self, author: str, place: int, text: str) -> None:
        lead = self.leads[place]
        allowed = self._allowed(lead, author, Fail(FinishReason("other", needs_text=True), text))
        try:
            fail(self.store, lead, "other", text, author=author, now=self.now)
        except PostkorbError:
            self._count(lead, allowed, False)
            return
        self._count(lead, allowed, True)

    @rule(author=AUTHORS, place=LEADS)
    def open_again(self, author: str, place: int) -> None:
        lead = self.leads[place]
        allowed = self._allowed(lead, author, Reopen())
        try:
            reopen(self.store, lead, author=author, now=self.now)
        except PostkorbError:
            self._count(lead, allowed, False)
            return
        self._count(lead, allowed, True)

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

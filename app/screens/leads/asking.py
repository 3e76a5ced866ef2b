"""What has to be known of leads before anything is asked about them, and the rules that forbid it then; no keys, no steps."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from app.domain.errors import PostkorbError
from app.domain.leads.rows import LeadRow
from app.domain.leads.rules import LeadStep, Standing, never_assigned, refusal
from app.domain.team.members import Member
from app.screens.following import Following
from app.screens.leads.lines import standing_of
from app.screens.list_place import ListPlace
from app.screens.members import KnowsWho, assignable
from app.screens.records.undo import UndoKeys
from app.services.leads import lists
from app.services.team.acting import at_keyboard


@dataclass(frozen=True, slots=True)
class AtHand:
    """The lead that keys work on, and how it stands as far as the place knows."""

    id: int
    standing: Standing


@dataclass(frozen=True, slots=True)
class Known:
    """Leads as they stand, and the team, at the time at which the rep asks for something."""

    rows: Sequence[LeadRow]
    members: Sequence[Member]
    author: str

    @property
    def givable(self) -> list[Member]:
        """Whom work can be given to, the rep first."""
        return sorted(assignable(self.members), key=lambda member: member.login != self.author)


class LeadAsking(ListPlace, Following, UndoKeys, KnowsWho):
    """A place in which something can be done with leads."""

    def worked(self, go_to: int | None) -> None:
        """Leads have changed: show it; `go_to`: the one that the rep goes along with."""
        raise NotImplementedError

    def with_known(self, ids: Sequence[int], follow: Callable[[Known], None]) -> None:
        """Go on with these leads as they stand now, and with the team."""
        store, author, name = self.desk.store, self.desk.author, self.desk.name
        if store is None:
            return

        def work() -> Known:
            who = at_keyboard(store.read, author, name)
            return Known(lists.lead_rows(store, ids), list(who.team.values()), author)

        self.read(work, follow)

    def forbidden(self, known: Known, steps: Sequence[LeadStep]) -> bool:
        """Whether none of the steps is possible with the one lead there is; then it is told why."""
        by_login = {member.login: member for member in known.members}
        actor, now = by_login.get(known.author), self.desk.clock()
        if actor is None or len(known.rows) != 1:
            return False  # the services know who becomes a member by working, and tell of each of many
        standing = standing_of(known.rows[0])
        errors = [refusal(standing, step, actor, by_login, now) for step in steps]
        if None in errors or not errors:
            return False
        self.say(errors[0].told_cause if errors[0] else "", "warning")
        return True

    def why_no(self, lead: AtHand, step: LeadStep) -> PostkorbError | None:
        """Why a step is not possible with a lead as it stands for who is at the keyboard."""
        who = self.who
        return refusal(lead.standing, step, who.me, who.team, self.desk.clock()) if who is not None else None

    def why_given_to_nobody(self, lead: AtHand) -> PostkorbError | None:
        """Why who is at the keyboard gives a lead to nobody, if so."""
        who = self.who
        return never_assigned(lead.standing, who.me, who.team, self.desk.clock()) if who is not None else None

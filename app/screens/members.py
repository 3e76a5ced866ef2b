"""Colleagues as a form and a list of choices offer them; who they are, the services say."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from app.domain.errors import PostkorbError
from app.domain.leads.rules import LeadRefusal, check_works
from app.domain.team.members import Member, MemberRole
from app.screens.working import DeskPlace
from app.services.team.acting import AtKeyboard, team


class KnowsWho(DeskPlace):
    """A place that knows who is at the keyboard, and so what the rules let them do with what it shows."""

    #: Read along with what is shown; None until then, and for a stranger, whom a box tells who can add them.
    who: AtKeyboard | None = None

    def know(self, who: AtKeyboard | None) -> None:
        """This is who is at the keyboard."""
        self.who = who if who is not None and who.me.active else None

    def why_no_work(self) -> PostkorbError | None:
        """Why who is at the keyboard does no work on records, if so."""
        try:
            if self.who is not None:
                check_works(self.who.me)
        except LeadRefusal as error:
            return error
        return None


def with_team(place: DeskPlace, follow: Callable[[Sequence[Member]], None]) -> None:
    """Go on with all members, when they have been read."""
    store = place.desk.store
    if store is not None:
        place.read(lambda: team(store), follow)


def assignable(members: Sequence[Member]) -> list[Member]:
    """Those whom work can be given to, by name."""
    return [member for member in members if member.active and member.role is not MemberRole.PRIVACY]


def member_words(members: Sequence[Member], nobody: str = "") -> tuple[tuple[str, str], ...]:
    """Logins and names for a field of a form, of those whom work can be given to; `nobody`: what none of them is called, if
    that can be chosen."""
    none = (("", nobody),) if nobody else ()
    return (*none, *((member.login, member.name) for member in assignable(members)))

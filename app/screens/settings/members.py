"""The members of the team as a list of the settings: added, changed, let go, taken in again."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from app.domain.team.members import Member, MemberRole
from app.domain.team.membership import (
    OpenWork,
    read_addresses,
    read_login,
    read_name,
    role_words,
)
from app.domain.text import cell_width
from app.language import _
from app.screens.dialogs.boxes import Picker
from app.screens.members import assignable
from app.screens.records.form import FormLine, Typed
from app.screens.settings.section import Section
from app.services.team.membership import HandOver, MemberChange, add_member, change_member, team_with_work
from app.widgets.choices import Choice
from app.widgets.table import Cell, Column, Line
from app.widgets.words import number

Row = tuple[Member, OpenWork]


class Members(Section[Row]):
    """A line is a member with what they are to do."""

    command = "settings.members"

    @property
    def title(self) -> str:
        return _("Members")

    @property
    def columns(self) -> Sequence[Column]:
        return (
            Column(_("Name"), 15, 2),
            Column(_("Login"), 13, 1),
            Column(_("Role"), max(12, *map(cell_width, role_words().values()))),
            Column(_("Leads"), 5, right=True),
            Column(_("Tasks"), 8, right=True),
            Column(_("Opportunities"), 15, right=True),
            Column(_("E-mail"), 30, 3, rank=2),
        )

    @property
    def empty(self) -> str:
        return _("Nobody is in the team yet; the first who changes something becomes its admin.")

    def read(self) -> list[Row]:
        self._all = team_with_work(self.store)
        return self._all

    def line(self, row: Row) -> Line:
        member, work = row
        text = "text" if member.active else "quiet"
        role = role_words()[member.role] if member.active else _("inactive")
        return Line(
            member.login,
            (
                Cell(member.name, "strong" if member.active else "quiet"),
                Cell(member.login, text),
                Cell(role, "heading" if member.active and member.role is MemberRole.ADMIN else text),
                *(Cell(number(n) if n else "", text) for n in (work.leads, work.tasks, work.opportunities)),
                Cell(", ".join(member.addresses), "quiet"),
            ),
        )

    # -- changing

    def new(self) -> None:
        self._ask_new([*self._lines(None)])

    def _ask_new(self, lines: Sequence[FormLine]) -> None:
        def check(typed: Typed) -> object:
            return read_login(typed["login"]), self._checked(typed)

        def keep(typed: Typed) -> None:
            who = self.who
            addresses = str(typed["addresses"]).split(",")
            role = MemberRole(typed["role"])
            self.store_it(
                lambda: add_member(self.store, typed["name"], typed["login"], addresses, role, **who)
            )

        self.ask(_("New member"), _("take in"), lines, keep, check)

    def edit(self, row: Row) -> None:
        member, _work = row

        def keep(typed: Typed) -> None:
            addresses = str(typed["addresses"]).split(",")
            change = MemberChange(typed["name"], addresses, MemberRole(typed["role"]))
            if member.active and change.role is MemberRole.PRIVACY:
                self._with_hand_over(row, lambda to: self._change(member, change, to))
            else:
                self._change(member, change)

        title = f"{member.name} ({member.login})"
        self.ask(title, _("store"), self._lines(member), keep, self._checked)

    def toggle(self, row: Row) -> None:
        member, work = row
        if not member.active:
            self._change(
                member, MemberChange(active=True), told=_("{name} works again.").format(name=member.name)
            )
            return
        told = _("{name} works no longer.").format(name=member.name)

        def go(to: HandOver | None) -> None:
            self._change(member, MemberChange(active=False), to, told)

        if work:
            self._with_hand_over(row, go)
            return
        line = _("What they did keeps their name. They can be activated again.")
        title = _("Deactivate {name}").format(name=member.name)
        self.place.confirm(title, line, _("deactivate"), lambda: go(None))

    def _change(
        self, member: Member, change: MemberChange, hand_over: HandOver | None = None, told: str = ""
    ) -> None:
        who = self.who
        self.store_it(
            lambda: change_member(self.store, member.login, change, **who, hand_over=hand_over), told
        )

    def _with_hand_over(self, row: Row, go: Callable[[HandOver | None], None]) -> None:
        """Go on when it is said what becomes of a member's work, if they have any."""
        leaving, work = row
        if not work:
            go(None)
            return
        ways = [
            Choice(HandOver(to.login), _("All to {name}").format(name=to.name))
            for to in assignable([member for member, _work in self._all])
            if to.login != leaving.login
        ]
        if work.leads and self.place.desk.author != leaving.login:
            text = _("Leads back to “New”, the rest to me")
            ways.insert(0, Choice(HandOver(take_back=True), text))

        def answer(choice: Choice | None) -> None:
            if choice is not None and isinstance(choice.value, HandOver):
                go(choice.value)

        title = _("{name} still has {work}").format(name=leaving.name, work=work.told)
        line = _("Who goes on with it?")
        self.place.app.push_screen(Picker(title, ways, line=line, enter=_("hand over")), answer)

    def _lines(self, member: Member | None) -> list[FormLine]:
        words = tuple((role.value, word) for role, word in role_words().items())
        login = [] if member else [FormLine("login", "Login", "", _("as on the machine, such as anna.berg"))]
        return [
            FormLine("name", "Name", member.name if member else ""),
            *login,
            FormLine("addresses", "E-mail", ", ".join(member.addresses) if member else ""),
            FormLine("role", "Role", (member.role if member else MemberRole.REP).value, words=words),
        ]

    def _checked(self, typed: Typed) -> object:
        return read_name(typed["name"]), read_addresses(str(typed["addresses"]).split(","))

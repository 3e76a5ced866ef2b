"""The ways to end the work on a lead, "Abschließen": successful with an opportunity, or not, with a reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.crm.kinds import Kind, LeadResult, RecordRow
from app.domain.crm.reasons import FinishReason, reason_word
from app.domain.crm.record_input import FIELD_NAMES
from app.domain.leads.rows import LeadRow
from app.domain.leads.rules import Succeed
from app.domain.money import format_euros
from app.domain.opportunities.rules import read_opportunity
from app.domain.opportunities.stages import Outcome, first_stage
from app.language import _
from app.screens.dialogs.boxes import Picker, TextPrompt
from app.screens.leads.asking import Known, LeadAsking
from app.screens.leads.verbs import LeadVerbs
from app.screens.members import member_words
from app.screens.place import does
from app.screens.records.form import FormLine, RecordForm, Typed
from app.services.leads import finishing
from app.services.opportunities.stages import list_stages
from app.widgets.choices import Choice


@dataclass(frozen=True, slots=True)
class Ways:
    """What is needed to ask how a lead ended: the reasons offered, the probability that an opportunity begins with (percent),
    and the title of the one that the lead has already and keeps, if any."""

    reasons: Sequence[FinishReason]
    probability: int
    has: str = ""


class LeadEnding(LeadAsking):
    """Asks how the work on a lead ended, and carries it out."""

    def finish_lead(self, number: int, go_to: int | None = None) -> None:
        """Ask how the work on this lead ended, as it stands now; `go_to`: the lead that the rep goes along with."""
        self.with_known([number], lambda known: self.ask_end(known, go_to))

    def ask_end(self, known: Known, go_to: int | None = None) -> None:
        """Ask how the work on a lead ended."""
        store = self.desk.store
        if store is None or not known.rows or self.forbidden(known, [Succeed()]):
            return
        number = known.rows[0].id

        def work() -> Ways:
            kept = finishing.kept_opportunity(store, number)
            first = first_stage(list_stages(store), Outcome.OPEN)
            return Ways(finishing.finish_reasons(store), first.probability, kept.title if kept else "")

        self.read(work, lambda ways: self._ask_end(known, ways, go_to))

    def _ask_end(self, known: Known, ways: Ways, go_to: int | None) -> None:
        row, becomes = known.rows[0], _("becomes an opportunity")
        success = Choice(
            LeadResult.SUCCESS,
            _("successful"),
            _("keeps “{title}”").format(title=ways.has) if ways.has else becomes,
        )
        failures = [
            Choice(reason, _("unsuccessful: {reason}").format(reason=reason_word(reason.name)))
            for reason in ways.reasons
        ]

        def answer(choice: Choice | None) -> None:
            if choice is not None and isinstance(choice.value, FinishReason):
                self._ask_text(row, choice.value, go_to)
            elif choice is not None and ways.has:
                self._succeed(row, {}, go_to)
            elif choice is not None:
                self._ask_opportunity(known, ways, go_to)

        title = _("Finish: {title}").format(title=row.title)
        self.app.push_screen(Picker(title, [success, *failures], enter=_("choose")), answer)

    def _ask_text(self, row: LeadRow, reason: FinishReason, go_to: int | None) -> None:
        """Ask what is to be said about a reason; only some need it."""

        def answer(text: str | None) -> None:
            if text is not None:
                self._fail(row, reason, text, go_to)

        if reason.needs_text:
            title = _("unsuccessful: {reason}").format(reason=reason_word(reason.name))
            prompt = TextPrompt(title, _("Which reason was it?"), enter=_("finish"))
            self.app.push_screen(prompt, answer)
        else:
            answer("")

    def _fail(self, row: LeadRow, reason: FinishReason, text: str, go_to: int | None) -> None:
        store, author, now = self.desk.store, self.desk.author, self.desk.clock()
        if store is None:
            return

        def after(_standing: object) -> None:
            self.say_done(_("Finished: unsuccessful"))
            self.worked(go_to)

        self.write(lambda: finishing.fail(store, row.id, reason.name, text, author=author, now=now), after)

    def _ask_opportunity(self, known: Known, ways: Ways, go_to: int | None) -> None:
        """Ask for the opportunity that a lead becomes; what is known of it stands there."""
        row, today = known.rows[0], self.desk.clock().date()
        words = member_words(known.members)
        assignee = next(
            (login for login in (row.assignee, known.author) if login in dict(words)), words[0][0]
        )
        lines = [
            FormLine("title", FIELD_NAMES["title"], row.title),
            FormLine("value", FIELD_NAMES["value"], _amount(row)),
            FormLine("probability", FIELD_NAMES["probability"], str(ways.probability)),
            FormLine(
                "expected_on", FIELD_NAMES["expected_on"], hint=_("for example {day}").format(day="12/2026")
            ),
            FormLine("assignee", FIELD_NAMES["assignee"], assignee, words=words),
        ]

        def check(typed: Typed) -> object:
            return read_opportunity(
                {name: value for name, value in typed.items() if name != "probability" or value}, today
            )

        def answer(typed: Typed | None) -> None:
            if typed is not None:
                self._succeed(row, typed, go_to)

        title = _("Successful: the opportunity")
        line = (
            _("It belongs to {contact}.").format(contact=row.contact or row.company) if row.contact_id else ""
        )
        form = RecordForm(title, line, lines, enter=_("finish"), check=check)
        self.app.push_screen(form, answer)

    def _succeed(self, row: LeadRow, values: Typed, go_to: int | None) -> None:
        store, author, now = self.desk.store, self.desk.author, self.desk.clock()
        if store is None:
            return

        def after(done: finishing.Succeeded) -> None:
            kept, made = (
                _("Finished: successful; it keeps its opportunity"),
                _("Finished: successful; the opportunity is made"),
            )
            opportunity = RecordRow(Kind.OPPORTUNITY, done.opportunity, "")
            self.say_of(opportunity, kept if done.kept else made, "good", *self.undo_items())
            self.worked(go_to)

        self.write(lambda: finishing.succeed(store, row.id, values, author=author, now=now), after)


class LeadFinishing(LeadVerbs, LeadEnding):
    """Only one lead at a time is finished: each ends in its own way."""

    def can_finish(self) -> bool:
        """Whether who is at the keyboard may end the work on the lead at hand."""
        return self.lead is not None and self.why_no(self.lead, Succeed()) is None

    @does("leads.finish", when="can_finish")
    def finish(self) -> None:
        if self.lead is not None:
            self.finish_lead(self.lead.id)


def _amount(row: LeadRow) -> str:
    """Its value as it would be typed."""
    return format_euros(row.value).removesuffix(" €") if row.value is not None else ""

"""What a person or a script may write into a contact, lead, task or opportunity: cleaned and checked at the border.

The models are also what is read back for editing. `read_input` makes one out of texts as they were typed.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Self, TypeVar

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
    model_validator,
)

from app.domain.crm.kinds import Kind, TaskKind, TaskState
from app.domain.crm.record_fields import (
    Ahead,
    CampaignName,
    Cents,
    DueDay,
    EmailAddress,
    Expected,
    Line,
    Note,
    PhoneNumber,
    State,
    Title,
    Traits,
    line,
    parted,
)
from app.domain.due import parse_due
from app.domain.errors import BadInput
from app.domain.wrong_value import wrong_value
from app.language import _


class _Input(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class EmailEntry(_Input):
    """An e-mail address in lower case."""

    value: EmailAddress
    label: Line = ""


class PhoneEntry(_Input):
    value: PhoneNumber
    label: Line = ""


def _labelled(value: object) -> object:
    return {"value": value} if isinstance(value, str) else value


class ContactInput(_Input):
    """At least a name, a company or an e-mail address is needed; `traits` (Merkmale) may be one comma-separated text."""

    salutation: Line = ""
    title: Line = ""
    first_name: Line = ""
    last_name: Line = ""
    company: Line = ""
    customer_number: Line = ""
    emails: Annotated[
        tuple[Annotated[EmailEntry, BeforeValidator(_labelled)], ...], BeforeValidator(parted)
    ] = ()
    phones: Annotated[
        tuple[Annotated[PhoneEntry, BeforeValidator(_labelled)], ...], BeforeValidator(parted)
    ] = ()
    street: Line = ""
    postal_code: Line = ""
    city: Line = ""
    country: Line = ""
    assignee: Line = ""
    traits: Traits = ()
    note: Note = ""

    @model_validator(mode="after")
    def _is_somebody(self) -> Self:
        if not (self.first_name or self.last_name or self.company or self.emails):
            raise ValueError(_("a contact needs a name, a company or an e-mail address"))
        return self


class LeadInput(_Input):
    """`value` in cents, or a text in euros. `due_on`: day of the next step; `campaign`: the name of one. How it stands
    follows from its assignee and from how it was finished: see `app.domain.leads.rules`."""

    title: Title
    contact_id: int | None = None
    campaign: CampaignName = ""
    source: Line = ""
    assignee: Line = ""
    value: Cents = None
    next_step: Line = ""
    due_on: Ahead = None
    note: Note = ""


class TaskInput(_Input):
    """`due_on` as it is typed may hold a time too, which is `remind_at` then, in epoch seconds: when its assignee is told."""

    title: Title
    kind: TaskKind = TaskKind.TASK
    contact_id: int | None = None
    lead_id: int | None = None
    opportunity_id: int | None = None
    due_on: DueDay = None
    remind_at: int | None = None
    assignee: Line = ""
    state: State = TaskState.OPEN
    note: Note = ""

    @model_validator(mode="before")
    @classmethod
    def _day_and_time(cls, values: Any, info: ValidationInfo) -> Any:
        typed = values.get("due_on") if isinstance(values, dict) else None
        if info.context is None or not isinstance(typed, str):
            return values
        try:
            due = parse_due(typed, info.context["today"]) if typed.strip() else None
        except ValueError:
            return values  # it is refused again, and named with its field
        return {
            **values,
            "due_on": due.day if due else None,
            "remind_at": due.remind_at if due else None,
        }


class OpportunityInput(_Input):
    """`value` in cents, or a text in euros; `probability` in percent; `expected_on`: a day, or a month for its last."""

    title: Title
    contact_id: int | None = None
    lead_id: int | None = None
    value: Cents = None
    probability: Annotated[int, Field(ge=0, le=100)] = 0
    stage: Line = ""
    expected_on: Expected = None
    assignee: Line = ""
    note: Note = ""


RecordInput = ContactInput | LeadInput | TaskInput | OpportunityInput
INPUTS: dict[Kind, type[RecordInput]] = {
    Kind.CONTACT: ContactInput,
    Kind.LEAD: LeadInput,
    Kind.TASK: TaskInput,
    Kind.OPPORTUNITY: OpportunityInput,
}
#: Source texts of the fields' names, for dialogs and for what is wrong with a field.
FIELD_NAMES = {
    "salutation": "Salutation",
    "title": "Title",
    "first_name": "First name",
    "last_name": "Last name",
    "company": "Company",
    "customer_number": "Customer number",
    "emails": "E-mail",
    "phones": "Phone",
    "street": "Street",
    "postal_code": "Postal code",
    "city": "City",
    "country": "Country",
    "assignee": "Assignee",
    "traits": "Traits",
    "note": "Note",
    "contact_id": "Contact",
    "lead_id": "Lead",
    "opportunity_id": "Opportunity",
    "kind": "Kind",
    "remind_at": "Reminder",
    "campaign": "Campaign",
    "source": "Source",
    "state": "State",
    "result": "Result",
    "reason": "Reason",
    "value": "Value",
    "next_step": "Next step",
    "due_on": "Due",
    "probability": "Probability",
    "stage": "Stage",
    "expected_on": "Expected",
}
_I = TypeVar("_I", bound=_Input)


def read_input(
    model: type[_I], values: Mapping[str, Any], today: date, before: Mapping[str, Any] | None = None
) -> _I:
    """The input with these values; `before`: those of the record that is changed, which may hold days that are over by now.
    Raises BadInput naming each field that is wrong and why, and DuePast."""
    try:
        return model.model_validate(dict(values), context={"today": today, "before": before or {}})
    except ValidationError as error:
        raise BadInput("; ".join(_sentence(found["loc"], found) for found in error.errors())) from error


def read_line(field: str, text: str) -> str:
    """One line as it is stored. Raises BadInput naming the field when it is too long."""
    try:
        return line(text)
    except ValueError as error:
        raise BadInput(f"{_(FIELD_NAMES[field])}: {error}") from None


def _sentence(place: tuple[int | str, ...], found: Any) -> str:
    reason = wrong_value(found)
    field = next((part for part in place if isinstance(part, str)), "")
    return f"{_(FIELD_NAMES.get(field, field))}: {reason}" if field else reason

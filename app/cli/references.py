"""How people name records, campaigns and members on the command line, and which one is meant."""

from __future__ import annotations

import typer

from app.cli.front import Front
from app.cli.parser import BIGGEST
from app.domain.crm.kinds import Kind, not_found
from app.domain.errors import BadInput, CampaignNotFound
from app.language import _

_NAMED = 5
#: Campaigns that are named when there is none with a name.
_CAMPAIGNS = 12


def record_number(front: Front, kind: Kind, reference: str) -> int | None:
    """The number of the record; None for an empty reference. Raises NotFound, and BadInput when several are meant."""
    if not reference.strip():
        return None
    if reference.strip().isdecimal():
        if len(reference.strip()) > len(str(BIGGEST)) or int(reference) > BIGGEST:
            raise not_found(kind, reference)
        return int(reference)
    from app.services.crm.meant import meant_records

    chosen = meant_records(front.store, kind, reference)
    if not chosen:
        raise not_found(kind, reference)
    if len(chosen) > 1:
        names = ", ".join(f"{row.id} {row.title}" for row in chosen[:_NAMED])
        raise BadInput(_("“{text}” may mean {names}").format(text=reference, names=names))
    return chosen[0].id


def needed_number(front: Front, kind: Kind, reference: str) -> int:
    """As `record_number`; an empty reference is not found either."""
    number = record_number(front, kind, reference)
    if number is None:
        raise not_found(kind, reference)
    return number


def campaign_number(front: Front, typed: str) -> int:
    """The campaign that --campaign means. Raises typer.BadParameter naming those that there are or that may be meant."""
    from app.services.leads.lists import campaigns
    from app.services.team.campaigns import meant_campaign

    try:
        return meant_campaign(front.store, typed)
    except BadInput as error:
        raise typer.BadParameter(f"--campaign: {error.told_cause}") from None
    except CampaignNotFound:
        known = [name for _number, name in campaigns(front.store)]
    if not known:
        raise typer.BadParameter("--campaign: " + _("there is no campaign yet"))
    names = ", ".join(known[:_CAMPAIGNS] + ["…"] * (len(known) > _CAMPAIGNS))
    raise typer.BadParameter("--campaign: " + _("only {values} may stand here").format(values=names))


def meant_login(front: Front, typed: str) -> str:
    """The login of the member that is meant, capitals or not. One that nobody has stays as it was typed: whoever is given
    something is looked at where it is given."""
    from app.domain.team.membership import MemberNotFound
    from app.services.team.membership import member_of

    try:
        return member_of(front.store, typed).login
    except MemberNotFound:
        return typed


def assignee_login(front: Front, typed: str) -> str:
    """The login that --assignee means, capitals or not. Raises typer.BadParameter for one that nobody has."""
    from app.domain.team.membership import MemberNotFound
    from app.services.team.membership import member_of

    try:
        return member_of(front.store, typed).login
    except MemberNotFound:
        wrong = _("Nobody in the team has the login “{login}”.").format(login=typed)
        raise typer.BadParameter(f"--assignee: {wrong}") from None

"""Campaigns by name, as admins keep them; what a campaign is made of comes with campaigns themselves."""

from __future__ import annotations

from datetime import datetime

from app.domain.crm.campaigns import campaign_key, campaign_name
from app.domain.errors import BadInput, CampaignNotFound, Refused
from app.domain.team.membership import check_manages
from app.language import _
from app.services.team.acting import acting
from app.store.connection import Connection
from app.store.database import Store
from app.store.team import campaigns as stored

#: Campaigns that are named where several may be meant.
_NAMED = 5


def list_campaigns(store: Store) -> list[tuple[int, str, int]]:
    """(id, name, number of leads) of all campaigns by name."""
    return sorted(stored.campaigns_with_leads(store.read), key=lambda row: (campaign_key(row[1]), row[0]))


def meant_campaign(store: Store, typed: str) -> int:
    """The id of the campaign with this name or this number, or whose name alone begins so; case does not count.

    Raises CampaignNotFound, and BadInput naming them when several may be meant.
    """
    known = stored.campaign_names(store.read)
    wanted = campaign_key(typed)
    # A name may be a year: a name goes before a number.
    exact = [number for number, name in known.items() if campaign_key(name) == wanted]
    numbered = [number for number in known if str(number) == typed.strip()]
    begun = [number for number, name in known.items() if wanted and campaign_key(name).startswith(wanted)]
    found = exact or numbered or begun
    if not found:
        raise CampaignNotFound(typed.strip())
    if len(found) > 1:
        names = ", ".join(f"{number} {known[number]}" for number in sorted(found)[:_NAMED])
        raise BadInput(_("“{text}” may mean {names}").format(text=typed.strip(), names=names))
    return found[0]


def add_campaign(store: Store, name: str, *, author: str, now: datetime) -> int:
    """A new campaign; its id. Raises BadInput, NotAMember, and Refused for all but admins and for a name that is there."""
    new = campaign_name(name)
    with store.write() as tx:
        check_manages(acting(tx, author, now))
        _check_is_new(tx, new)
        return stored.add_campaign(tx, new)


def rename_campaign(store: Store, number: int, name: str, *, author: str, now: datetime) -> None:
    """Another name. Raises as `add_campaign` does, and CampaignNotFound."""
    new = campaign_name(name)
    with store.write() as tx:
        check_manages(acting(tx, author, now))
        _check_is_new(tx, new, number)
        if not stored.rename_campaign(tx, number, new):
            raise CampaignNotFound(new)


def _check_is_new(tx: Connection, name: str, but: int | None = None) -> None:
    for number, other in stored.campaign_names(tx).items():
        if number != but and campaign_key(other) == campaign_key(name):
            raise Refused("There is a campaign “{name}” already.", name=other)

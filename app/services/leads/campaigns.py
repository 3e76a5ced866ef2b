"""Which campaign a person means; making and changing them is not done here."""

from __future__ import annotations

from app.domain.errors import BadInput, CampaignNotFound
from app.domain.folding import fold
from app.language import _
from app.services.leads.lists import campaigns
from app.store.database import Store

_NAMED = 5


def meant_campaign(store: Store, typed: str) -> tuple[int, str]:
    """(id, name) of the campaign with this number or this name, or whose name alone begins so; case does not count.

    Raises CampaignNotFound, and BadInput naming them when several may be meant.
    """
    known = campaigns(store)
    wanted = fold(typed).strip()
    # A name may be a year: a name goes before a number.
    exact = [each for each in known if fold(each[1]).strip() == wanted]
    numbered = [each for each in known if str(each[0]) == typed.strip()]
    found = exact or numbered or [each for each in known if wanted and fold(each[1]).startswith(wanted)]
    if not found:
        raise CampaignNotFound(typed.strip())
    if len(found) > 1:
        names = ", ".join(f"{number} {name}" for number, name in found[:_NAMED])
        raise BadInput(_("“{text}” may mean {names}").format(text=typed.strip(), names=names))
    return found[0]

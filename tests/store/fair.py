"""A fair of which a person can count every figure that the overviews tell.

Day and hour (UTC) of November 2026; it is the 20th, 12 h.

     nr campaign assignee  came     active     done      ends           value    due     opportunity
      1 Messe    anna      2. 8 h   3. 8 h     5. 8 h    success      10.000 €           Gewonnen on the 15. 8 h
      2 Messe    anna      2. 8 h   2. 20 h    8. 20 h   success       4.000 €           Angebot, 50 %, December
      3 Messe    bodo      3. 8 h   5. 8 h     6. 8 h    competitor    2.000 €
      4 Messe    bodo      4. 8 h   8. 8 h    18. 8 h    competitor    1.000 €
      5 Messe    anna      5. 8 h   5. 10 h   15. 10 h   other             –
      6 Messe    bodo      6. 8 h   6. 9 h     –                       3.000 €  10.11.
      7 Messe    anna      7. 8 h   9. 8 h     –                       5.000 €  20.11.
      8 Messe    –         8. 8 h   –          –                       6.000 €  19.11.
      9 Messe    –        18. 8 h   –          –                           –
     10 Brief    anna      2. 8 h   2. 9 h     –                         700 €
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from itertools import count

from app.store.database import Store
from tests.store.leads import add_campaign, add_lead, add_member
from tests.store.opportunities import add_opportunity

TODAY = date(2026, 11, 20)
EUROS = 100


def at(day: int, hour: int = 8, month: int = 11) -> int:
    """A moment of 2026 in UTC, in epoch seconds."""
    return int(datetime(2026, month, day, hour, tzinfo=UTC).timestamp())


NOW = at(20, 12)


def fair(store: Store) -> dict[str, int]:
    """Fill the store with what the table above says; the campaigns by name."""
    for login in ("anna", "bodo"):
        add_member(store, login)
    add_member(store, "dora", role="privacy")
    add_member(store, "emil", active=False)
    numbers = count(1)
    campaigns = {name: add_campaign(store, name) for name in ("Messe", "Brief", "Leer")}

    def lead(
        assignee: str, came: int, active: int | None = None, done: int | None = None, **more: object
    ) -> int:
        campaign = campaigns[str(more.pop("campaign", "Messe"))]
        times = {"created_at": came, "activated_at": active, "finished_at": done}
        title = f"Anfrage {next(numbers)}"
        return add_lead(store, title, campaign_id=campaign, assignee=assignee, **times, **more)

    won = lead("anna", at(2), at(3), at(5), result="success", value=10_000 * EUROS)
    offer = lead("anna", at(2), at(2, 20), at(8, 20), result="success", value=4_000 * EUROS)
    failed = {"result": "failure", "reason": "competitor"}
    lead("bodo", at(3), at(5), at(6), **failed, value=2_000 * EUROS)
    lead("bodo", at(4), at(8), at(18), **failed, value=1_000 * EUROS)
    lead("anna", at(5), at(5, 10), at(15, 10), result="failure", reason="other", reason_text="umgezogen")
    lead("bodo", at(6), at(6, 9), value=3_000 * EUROS, due_on="2026-11-10")
    lead("anna", at(7), at(9), value=5_000 * EUROS, due_on="2026-11-20")
    lead("", at(8), value=6_000 * EUROS, due_on="2026-11-19")
    lead("", at(18))
    lead("anna", at(2), at(2, 9), campaign="Brief", value=700 * EUROS)
    add_opportunity(
        store,
        lead_id=won,
        assignee="anna",
        stage="Gewonnen",
        probability=100,
        value=9_500 * EUROS,
        expected_on="2026-11-30",
        created_at=at(5),
        closed_at=at(15),
    )
    add_opportunity(
        store,
        lead_id=offer,
        assignee="bodo",
        stage="Angebot",
        probability=50,
        value=4_000 * EUROS,
        expected_on="2026-12-15",
        created_at=at(8, 20),
    )
    return campaigns

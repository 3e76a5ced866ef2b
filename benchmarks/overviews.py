"""Measures the overviews beside the limit of the plan: `python -m benchmarks.overviews --leads 50000`. SQLite only."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime, timedelta
from pathlib import Path

from app.domain.overviews.figures import Scope, View
from app.domain.periods import Period
from app.services.overviews.figures import lead_ids, overview
from app.store.database import Store
from benchmarks import synthetic_leads
from benchmarks.leads import TODAY, judge, lead_store
from benchmarks.synthetic import END
from benchmarks.timing import Figure, measure, show

NOW = datetime.fromtimestamp(END, UTC)
#: Milliseconds that an overview may take.
LIMIT = 300.0

SCOPES = {
    "all": Scope(),
    "one campaign": Scope(campaign_id=1),
    "a quarter": Scope(period=Period(TODAY - timedelta(days=90), TODAY)),
    "the busiest member": Scope(assignee=synthetic_leads.login(0)),
}


def run(store: Store) -> list[Figure]:
    """Each overview of each scope; that of leads with the ids of those that it lists."""
    return [
        measure(f"{view}: {name}", lambda view=view, scope=scope: _look(store, view, scope))  # type: ignore[misc]
        for view in View
        for name, scope in SCOPES.items()
    ]


def _look(store: Store, view: View, scope: Scope) -> int:
    found = overview(store, view, scope, NOW)
    if view is View.LEADS:
        return len(lead_ids(store, scope, NOW))
    return len(found.steps or found.loads or found.reasons or found.stages)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--leads", type=int, default=50_000)
    parser.add_argument("--store", type=Path, help="a store that is built here when missing, and kept")
    options = parser.parse_args()
    with lead_store(options.leads, options.store) as store:
        figures = run(store)
        show("Overviews", figures)
        judge(figures, LIMIT)


if __name__ == "__main__":
    main()

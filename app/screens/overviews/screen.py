"""The overviews: one of five in bars and in a table, of all leads or of a campaign, a period, an assignee."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from textual.app import ComposeResult

from app.domain.crm.kinds import Kind, RecordRow
from app.domain.leads.rows import LeadRow
from app.domain.overviews.figures import Overview, Scope, View
from app.domain.overviews.tables import figures_of, lead_headings, view_word
from app.domain.periods import EVER, period_word
from app.language import _
from app.screens.desk import Desk
from app.screens.overviews.lines import (
    bars_of,
    basis_word,
    chart_title,
    columns_of,
    counted_word,
    figure_lines,
    lead_line,
)
from app.screens.place import does
from app.screens.records.known import open_page
from app.screens.table_place import TablePlace
from app.services.leads import lists
from app.services.overviews.figures import lead_ids, overview
from app.widgets.bar import Bar, Item
from app.widgets.chart import Chart
from app.widgets.key_names import key_name
from app.widgets.table import PORTION, Table

#: Seconds between two looks whether anybody has written: figures of all leads are read again then.
WATCH = 5.0
#: Lines of the screen that are neither bars nor table; the bars get half of the others, but the funnel always fits.
FRAME, LEAST_BARS = 6, 6
_VIEWS = tuple(View)


class OverviewScreen(TablePlace):
    """Holds the figures that are shown; of the leads their ids, and the rows that were in sight."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.view = View.LEADS
        self.scope = Scope()
        self._found: Overview | None = None
        self._ids: list[int] = []
        self._rows: dict[int, LeadRow] = {}
        self._only_table = False

    def compose(self) -> ComposeResult:
        yield Bar(id="top")
        yield Bar(id="headline")
        yield Bar(id="scope")
        yield Chart(self.desk.signs, id="chart")
        yield Table((), self.desk.signs, id="table")
        yield Bar(id="keys", gap=2)

    def on_mount(self) -> None:
        self.table.focus()
        self.table.empty = (_("It is being counted …"),)
        self._draw_chart()
        self._headlines()
        self.watch_store(WATCH, self.load)

    @property
    def contexts(self) -> tuple[str, ...]:
        return ("overviews", "table", "everywhere")

    # -- what is shown

    def load(self) -> None:
        """Read the figures anew."""
        store, view, scope, now = self.desk.store, self.view, self.scope, self.desk.clock()
        if store is None:
            return
        here = self.line.key if self.line is not None and self._is_listing() else None

        def work() -> tuple[Overview, list[int], int, list[LeadRow]]:
            found = overview(store, view, scope, now)
            ids = lead_ids(store, scope, now) if view is View.LEADS else []
            place = ids.index(here) if isinstance(here, int) and here in ids else 0
            first = place - place % PORTION
            return found, ids, place, lists.lead_rows(store, ids[first : first + PORTION])

        self.read_newest(work, lambda answer: self._show(*answer))

    def _is_listing(self) -> bool:
        """Whether the table lists single leads now."""
        return self._found is not None and self._found.view is View.LEADS and self.view is View.LEADS

    def _show(self, found: Overview, ids: list[int], place: int, rows: Sequence[LeadRow]) -> None:
        fresh = self._found is None or (self._found.view, self._found.scope) != (found.view, found.scope)
        self._found, self._ids, self._rows = found, ids, {row.id: row for row in rows}
        self._draw_chart()
        table = self.table
        table.empty = self._empty_text()
        if found.is_empty:
            table.open(0, 0, ())
        elif found.view is View.LEADS:
            table.columns = columns_of(lead_headings())
            today = self.desk.clock().date()
            table.open(len(ids), place - place % PORTION, [lead_line(row, today) for row in rows], place)
        else:
            table.columns = columns_of(figures_of(found).headings)
            lines = figure_lines(found)
            table.open(len(lines), 0, lines, 0 if fresh else table.cursor)
        self._headlines()

    def on_table_rows_wanted(self, message: Table.RowsWanted) -> None:
        message.stop()
        store, ids = self.desk.store, self._ids[message.first : message.first + message.count]
        if store is None or not ids:
            return

        def show(rows: list[LeadRow]) -> None:
            self._rows |= {row.id: row for row in rows}
            today = self.desk.clock().date()
            self.table.fill(message.first, [lead_line(row, today) for row in rows])

        self.read(lambda: lists.lead_rows(store, ids), show, message.turn)

    def _draw_chart(self) -> None:
        chart = self.query_exactly_one("#chart", Chart)
        found = self._found
        chart.display = found is not None and not found.is_empty and not self._only_table
        if found is not None and chart.display:
            most = max(LEAST_BARS, (self.app.size.height - FRAME) // 2)
            chart.show(chart_title(found.view), bars_of(found, most, self.desk.clock().date()))

    def on_resize(self) -> None:
        self._draw_chart()

    def _empty_text(self) -> tuple[str, ...]:
        if self.scope != Scope():
            keys = self.keymap.keys_of("overviews.all")
            way = _("{key} shows all again.").format(key=key_name(keys[0])) if keys else ""
            return (_("There is nothing to count here."), "", way)
        if self.view is View.OPPORTUNITIES:
            return (_("There is no opportunity yet."), "", _("A lead that succeeds becomes one."))
        if self.view is View.REASONS:
            return (_("No lead was unsuccessful."), "", "")
        return (_("There is no lead yet."), "", "")

    def _headlines(self) -> None:
        self.query_exactly_one("#top", Bar).items = self.top_items(_("Overviews"))
        self.query_exactly_one("#headline", Bar).items = [
            Item(
                view_word(view),
                "here" if view is self.view else "quiet",
                0 if view is self.view else 1,
                command=f"overviews.{view.value}",
                key=key_name(keys[0]) if (keys := self.keymap.keys_of(f"overviews.{view.value}")) else "",
            )
            for view in _VIEWS
        ]
        self.query_exactly_one("#scope", Bar).items = self._scope_items()
        self.show_keys()

    def _scope_items(self) -> list[Item]:
        """What is taken in; what leaves something out stands out."""
        scope, found = self.scope, self._found
        if found is None or (found.view, found.scope) != (self.view, scope):
            return []
        items = [Item(counted_word(found), "count")]
        if scope.campaign_id is not None:
            items.append(Item(found.campaign, "warning", 1))
        if scope.assignee:
            items.append(Item(found.assignee, "warning", 3))
        if scope.period != EVER:
            items += [Item(period_word(scope.period), "warning", 2), Item(basis_word(self.view), "quiet", 4)]
        return items if scope != Scope() else [*items, Item(_("all campaigns, all time"), "quiet", 5)]

    def on_table_cursor_moved(self, message: Table.CursorMoved) -> None:
        message.stop()
        self.cursor_moved()

    def on_table_open_wanted(self) -> None:
        self.run("overviews.open")

    # -- keys

    def look_at(self, view: View) -> None:
        """Show this overview."""
        if view is not self.view:
            self.view = view
            self._headlines()
            self.load()

    @does("overviews.leads")
    def look_at_leads(self) -> None:
        self.look_at(View.LEADS)

    @does("overviews.funnel")
    def look_at_funnel(self) -> None:
        self.look_at(View.FUNNEL)

    @does("overviews.load")
    def look_at_load(self) -> None:
        self.look_at(View.LOAD)

    @does("overviews.reasons")
    def look_at_reasons(self) -> None:
        self.look_at(View.REASONS)

    @does("overviews.opportunities")
    def look_at_opportunities(self) -> None:
        self.look_at(View.OPPORTUNITIES)

    @does("overviews.next")
    def next_view(self) -> None:
        self.look_at(_VIEWS[(_VIEWS.index(self.view) + 1) % len(_VIEWS)])

    @does("overviews.previous")
    def previous_view(self) -> None:
        self.look_at(_VIEWS[_VIEWS.index(self.view) - 1])

    @does("overviews.filter", when="has_store")
    def filter(self) -> None:
        from app.screens.overviews.filter import ScopeForm, scope_of
        from app.services.team.acting import team

        store, today = self.desk.store, self.desk.clock().date()
        if store is None:
            return

        def ask(form: ScopeForm) -> None:
            self.app.push_screen(
                form, lambda typed: self._take_in(scope_of(typed, form.lines, today)) if typed else None
            )

        def work() -> ScopeForm:
            return ScopeForm(self.scope, lists.campaigns(store), team(store), basis_word(self.view), today)

        self.read(work, ask)

    def is_filtered(self) -> bool:
        """Whether something is left out."""
        return self.scope != Scope()

    @does("overviews.all", when="is_filtered")
    def show_all(self) -> None:
        self._take_in(Scope())

    def _take_in(self, scope: Scope) -> None:
        self.scope = scope
        self.load()

    def can_open(self) -> bool:
        """Whether a lead, or somebody's leads, lie behind the line under the cursor."""
        if self.line is None or self._found is None:
            return False
        return self._is_listing() or (self._found.view is View.LOAD and bool(self._login_here()))

    def _login_here(self) -> str:
        place = self.line.key if self.line else None
        loads = self._found.loads if self._found else ()
        return loads[place].login if isinstance(place, int) and place < len(loads) else ""

    @does("overviews.open", when="can_open")
    def open_line(self) -> None:
        """The lead under the cursor, or the leads of the assignee there."""
        if self.line is not None and self._is_listing():
            row = self._rows.get(int(str(self.line.key)))
            if row is not None:
                open_page(self, RecordRow(Kind.LEAD, row.id, row.title))
        elif login := self._login_here():
            self.view, self.scope = View.LEADS, Scope(self.scope.campaign_id, self.scope.period, login)
            self.load()

    @does("overviews.chart")
    def toggle_chart(self) -> None:
        self._only_table = not self._only_table
        self._draw_chart()

    def has_figures(self) -> bool:
        """Whether there is something to write into a file."""
        return self._found is not None and not self._found.is_empty

    @does("overviews.export", when="has_figures")
    def export(self) -> None:
        from app.services.overviews.output import save

        store, found, now, folder = self.desk.store, self._found, self.desk.clock(), self.desk.downloads
        if store is None or found is None:
            return

        def told(path: Path) -> None:
            self.say(_("Written: {where}").format(where=_shortly(path)))

        self.read(lambda: save(store, found, now, folder), told)


def _shortly(path: Path) -> str:
    """A path as a person writes it."""
    home = Path.home()
    return f"~/{path.relative_to(home)}" if path.is_relative_to(home) else str(path)

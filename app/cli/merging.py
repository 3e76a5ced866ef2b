"""`merge`, `unmerge` and `duplicates` of `postkorb contact` and `postkorb lead`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.front import front_of
from app.cli.options import Json
from app.cli.output import print_json, print_json_rows, say, spoken, write_line
from app.cli.parser import Verb
from app.cli.references import needed_number
from app.domain.crm.kinds import Kind
from app.domain.crm.merging import FIELDS, How, Side
from app.language import _

if TYPE_CHECKING:
    from app.services.crm.duplicates import LikelyPair

Stays = Annotated[str, typer.Argument(metavar="RECORD", help="The one that stays: number, or words.")]
Goes = Annotated[str, typer.Argument(metavar="OTHER", help="The one that goes into it.")]
Take = Annotated[
    list[str] | None,
    typer.Option(
        "--take", metavar="FIELD=SIDE", help="Whose value it has then: keep, other or both. Can be repeated."
    ),
]


def add_merging(group: typer.Typer, kind: Kind) -> None:
    """The verbs of a kind that can be merged."""

    @group.command("merge", cls=Verb)
    def merge(ctx: typer.Context, id: Stays, other: Goes, take: Take = None, as_json: Json = False) -> None:
        """Let one take another one in, with all that hangs on it."""
        from app.services.crm import merging

        front = front_of(ctx)
        survivor, removed = (needed_number(front, kind, each) for each in (id, other))
        choices = dict(_choice(kind, each) for each in take or ())
        now = front.now()
        done = merging.merge(front.store, kind, survivor, removed, choices, author=front.author, now=now)
        if as_json:
            print_json({"id": done.row.id, "title": done.row.title, "removed": removed})
        else:
            write_line(f"{done.row.id}  {done.row.title}")

    @group.command("unmerge", cls=Verb)
    def unmerge(ctx: typer.Context, id: Stays, as_json: Json = False) -> None:
        """Undo the last merge into one: the other one comes back. What was changed since stays, and is named."""
        from app.services.crm import merging

        front = front_of(ctx)
        step = merging.last_merge_into(front.store, kind, needed_number(front, kind, id))
        with spoken(as_json):
            done = merging.undo_merge(front.store, step, author=front.author, now=front.now())
        if as_json:
            stay = [field.name for field in done.stay]
            print_json({"id": done.survivor.id, "restored": done.row.id, "stay": stay, "left": done.left})
        else:
            write_line(f"{done.row.id}  {done.row.title}")
        if done.stay or done.left:
            say(done.text)
            raise typer.Exit(1)

    @group.command("duplicates", cls=Verb)
    def duplicates(ctx: typer.Context, as_json: Json = False) -> None:
        """List those that are likely one and the same, the surest first."""
        from app.services.crm.duplicates import likely_pairs

        _print_pairs(likely_pairs(front_of(ctx).store, kind), as_json)


def _print_pairs(pairs: Sequence[LikelyPair], as_json: bool) -> None:
    if as_json:
        print_json_rows(
            {
                "id": pair.one.id,
                "title": pair.one.title,
                "other": {"id": pair.other.id, "title": pair.other.title},
                "reason": pair.why.value,
            }
            for pair in pairs
        )
        return
    for pair in pairs:
        one, other = (f"{row.id}  {row.title}" for row in (pair.one, pair.other))
        write_line(f"{one}  =  {other}  ({_(pair.why.value)})")
    if not pairs:
        say(_("There is none."))


def _choice(kind: Kind, typed: str) -> tuple[str, Side]:
    """What `--take` names; a field by itself is taken from the other one. Raises typer.BadParameter."""
    field, equals, side = (part.strip().lower() for part in typed.partition("="))
    fields = [each.name for each in FIELDS[kind] if each.how is not How.EARLIEST]
    for given, known in ((field, fields), (side if equals else Side.OTHER, list(Side))):
        if given not in known:
            may = _("only {values} may stand here").format(values=", ".join(known))
            raise typer.BadParameter(f"--take {typed}: {may}")
    return field, Side(side) if equals else Side.OTHER

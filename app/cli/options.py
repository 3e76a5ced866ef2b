"""The options and arguments that many verbs have alike; by which a record is described, `record_options` says."""

from __future__ import annotations

from typing import Annotated

import typer

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Id = Annotated[str, typer.Argument(metavar="RECORD", help="Number, or words that only one is found by.")]
Ids = Annotated[
    list[str], typer.Argument(metavar="RECORD", help="Numbers, or words that only one is found by.")
]
#: Of a verb that lists.
Text = Annotated[str, typer.Argument(metavar="TEXT", help="Only those found by these words.")]
Of = Annotated[str, typer.Option("--assignee", metavar="LOGIN", help="Only of this assignee.")]

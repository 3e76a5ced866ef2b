"""`postkorb doctor`: what is right and what is not, with what to do; looks at the terminal itself."""

from __future__ import annotations

import locale
import os
import shutil
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

import typer

from app.cli.front import front_of
from app.cli.options import Json
from app.cli.output import print_json, spoken, write_line
from app.cli.parser import Verb, alone
from app.language import _

if TYPE_CHECKING:
    from app.services.doctor import Finding

app = alone()
NARROWEST = 80


@app.command(cls=Verb)
def doctor(ctx: typer.Context, as_json: Json = False) -> None:
    """Look over configuration, database, accounts and terminal."""
    from app.services.doctor import examine

    front = front_of(ctx)
    findings = []
    with spoken(as_json):
        for finding in _all(examine(front.home, front.keyboard)):
            findings.append(finding)
            if not as_json:
                write_line(f"{_verdict(finding):<6} {_area(finding)}: {finding.text}")
                if finding.advice:
                    write_line(f"       -> {finding.advice}")
    wrong = sum(not finding.right for finding in findings)
    if as_json:
        print_json(
            {
                "ok": not wrong,
                "findings": [
                    {"area": f.area.value, "ok": f.right, "text": f.text, "advice": f.advice or None}
                    for f in findings
                ],
            }
        )
    if wrong:
        raise typer.Exit(1)


def _verdict(finding: Finding) -> str:
    if not finding.right:
        return _("WRONG")
    return _("to do") if finding.advice else _("ok")


def _all(examined: Iterator[Finding]) -> Iterator[Finding]:
    yield from examined
    yield from terminal()


def terminal() -> Iterator[Finding]:
    """What the app will find where it draws."""
    from app.services.doctor import Area, Finding

    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        yield Finding(Area.TERMINAL, True, _("there is none here; the verbs work, the app needs one"))
        return
    kind = os.environ.get("TERM", "")
    if kind in ("", "dumb", "unknown"):
        yield Finding(
            Area.TERMINAL,
            False,
            f"TERM={kind}",
            _("Set TERM to what your terminal is, such as xterm-256color."),
        )
    else:
        yield Finding(Area.TERMINAL, True, f"TERM={kind}, {_colours()}")
    encoding = locale.getencoding()
    if encoding.lower().replace("-", "") == "utf8":
        yield Finding(Area.TERMINAL, True, encoding)
    else:
        yield Finding(
            Area.TERMINAL,
            False,
            encoding,
            _("Set LANG to a UTF-8 locale such as de_DE.UTF-8; until then signs are ASCII."),
        )
    size = shutil.get_terminal_size()
    wide = size.columns >= NARROWEST and size.lines >= 24
    text = f"{size.columns} x {size.lines}"
    yield Finding(Area.TERMINAL, wide, text, "" if wide else _("Make the window at least 80 x 24."))


def _colours() -> str:
    """How many colours, as Textual will count them."""
    if "NO_COLOR" in os.environ:
        return _("no colours (NO_COLOR)")
    if os.environ.get("COLORTERM", "").lower() in ("truecolor", "24bit"):
        return _("all colours")
    return _("256 colours") if "256color" in os.environ.get("TERM", "") else _("16 colours")


def _area(finding: Finding) -> str:
    return {
        "configuration": _("Configuration"),
        "database": _("Database"),
        "secrets": _("Passwords"),
        "account": _("Account"),
        "team": _("Team"),
        "terminal": _("Terminal"),
    }[finding.area.value]

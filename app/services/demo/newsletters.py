"""Newsletters as marketing writes them: nested tables, pictures on web servers, a pixel that reports the reading."""

from __future__ import annotations

import html
from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random
from typing import Any

from app.domain.mail.messages import Address
from app.services.demo.catalogue import Catalogue
from app.services.demo.letters import ARCHIVE, INBOX, TRASH, Letter
from app.services.demo.mime import Style
from app.services.demo.stories import Storyteller
from app.services.demo.times import german_time

_PLACES = {"inbox": INBOX, "trash": TRASH, "archive": ARCHIVE}
_STYLE = Style("utf-8", "quoted-printable", 78)


def newsletters(catalogue: Catalogue, teller: Storyteller, random: Random, now: datetime) -> Iterator[Letter]:
    """All issues, spread over the last seven weeks; those still in the inbox came in the last three days."""
    issues = [(sender, issue) for sender in catalogue.newsletters for issue in sender["issue"]]
    rep = catalogue.house.rep
    for number, (sender, issue) in enumerate(issues):
        age = (
            random.uniform(0.3, 2.5)
            if issue["place"] == "inbox"
            else 1.5 + number * 7 % len(issues) * 47 / len(issues)
        )
        when = german_time(now - timedelta(days=age, minutes=random.randint(0, 300))).replace(microsecond=0)
        domain = sender["address"].rpartition("@")[2]
        key = f"{random.getrandbits(48):012x}"
        leave = f"https://news.{domain}/abmelden?k={key}"
        yield Letter(
            id=teller.message_id(domain),
            when=when,
            folder=_PLACES[issue["place"]],
            sender=Address(sender["name"], sender["address"]),
            to=[Address(rep.name, rep.address)],
            subject=issue["subject"],
            own=_text(sender, issue, leave),
            style=_STYLE,
            html=_page(sender, issue, f"https://news.{domain}", key),
            headers=[
                ("List-Id", f"<news.{domain}>"),
                ("List-Unsubscribe", f"<{leave}>"),
                ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
                ("Precedence", "bulk"),
            ],
            seen=issue["place"] != "inbox",
        )


def _text(sender: dict[str, Any], issue: dict[str, Any], leave: str) -> str:
    lines = [sender["name"].upper(), "", "Guten Tag Anke Berg,", "", issue["intro"], ""]
    for headline, teaser in issue["items"]:
        lines += [f"* {headline}", f"  {teaser}", ""]
    lines += [f"{article}: {now} (statt {before})" for article, before, now in issue.get("prices", ())]
    return "\n".join([*lines, "", "-- ", sender["footer"], f"Abmelden: {leave}"])


def _page(sender: dict[str, Any], issue: dict[str, Any], host: str, key: str) -> str:
    colour, say = sender["colour"], html.escape
    cell = 'style="padding:12px 24px;font-family:Arial,sans-serif;font-size:15px"'
    rows = [
        f'<tr><td bgcolor="{colour}" {cell}><img src="{host}/kopf.png" alt="{say(sender["name"])}"></td></tr>'
    ]
    rows.append(f"<tr><td {cell}>Guten Tag Anke Berg,<br><br>{say(issue['intro'])}</td></tr>")
    for number, (headline, teaser) in enumerate(issue["items"], 1):
        link = f"{host}/c/{key}/{number}"
        rows.append(
            f'<tr><td {cell}><table width="100%" cellpadding="0" cellspacing="0"><tr>'
            f'<td width="120" valign="top"><img src="{host}/bild{number}.jpg" width="110" alt=""></td>'
            f'<td valign="top"><h2 style="margin:0;color:{colour}">{say(headline)}</h2><p>{say(teaser)}</p>'
            f'<p><a href="{link}">Weiterlesen</a></p></td></tr></table></td></tr>'
        )
    if "prices" in issue:
        rows.append(f"<tr><td {cell}>{_prices(issue['prices'])}</td></tr>")
    rows.append(
        f'<tr><td {cell}><small>{say(sender["footer"])}<br><a href="{host}/abmelden?k={key}">Abmelden</a> | '
        f'<a href="{host}/impressum">Impressum</a></small></td></tr>'
    )
    pixel = f'<img src="{host}/o.gif?k={key}" width="1" height="1" alt="">'
    style = "<style>td { line-height: 1.4 } a { text-decoration: none }</style>"
    body = f'<table width="600" align="center" cellpadding="0" cellspacing="0">\n{chr(10).join(rows)}\n</table>\n{pixel}'
    return f"<!DOCTYPE html>\n<html><head>{style}</head><body>\n{body}\n</body></html>\n"


def _prices(prices: list[list[str]]) -> str:
    head = "<tr><th align=left>Artikel</th><th align=right>bisher</th><th align=right>jetzt</th></tr>"
    rows = [
        f"<tr><td>{html.escape(article)}</td><td align=right><s>{before}</s></td><td align=right><b>{now}</b></td></tr>"
        for article, before, now in prices
    ]
    return f"<table border=1 cellpadding=6 width=100%>{head}{''.join(rows)}</table>"

"""The lines of a text sorted into blocks: own words, quotes by depth, signature; with the links in them.

Lines come from plain text here (RFC 3676) and from `app.mail.html_text`; both end in the same rules.
"""

from __future__ import annotations

import re
from itertools import groupby
from typing import NamedTuple

from app.domain.mail.links import find_urls
from app.domain.mail.reading import BlockKind, Link, TextBlock

MAX_DEPTH = 30
MAX_BLOCKS = 1_000
#: A signature is short; a line of two dashes in the middle of a long text is something else.
LONGEST_SIGNATURE = 30
#: Signs in converted text: a link begins, its URL's number ends, the link ends, all on one line. They are of private
#: use, so cleaned text has none.
LINK, NUMBER_END, LINK_END = "\ue000", "\ue001", "\ue002"

_QUOTED = re.compile(r"(?:>[ ]?)+")
_ATTRIBUTION = re.compile(r"(?:schrieb|geschrieben|wrote|writes|écrit|escribió|scritto)\b[^\n]{0,300}:$")
_ATTRIBUTION_STARTS = ("Am ", "On ", "Le ", "El ", "Il ", "Den ")
_ATTRIBUTION_LINES = 3
_ORIGINAL = re.compile(
    r"\s*(?:-{3,}\s*(?:Urspr(?:ü|ue)ngliche Nachricht|Original(?:nachricht| Message)|Weitergeleitete Nachricht"
    r"|Forwarded message)\s*-{3,}|(?:Anfang der weitergeleiteten (?:Nachricht|E-Mail)|Begin forwarded message):)\s*$",
    re.IGNORECASE,
)
_MAIL_FIELD = re.compile(
    r"\s*(Von|Gesendet|Datum|An|Cc|Kopie|Betreff|From|Sent|Date|To|Subject):\s?", re.IGNORECASE
)
_HEADER_LINES = 7
_LINKED = re.compile(f"{LINK}(\\d+){NUMBER_END}([^{LINK_END}]*){LINK_END}")


class Line(NamedTuple):
    """One line without the signs of quoting before it."""

    depth: int
    text: str


def plain_lines(text: str, *, flowed: bool = False, delsp: bool = False) -> list[Line]:
    """The lines of cleaned plain text; those that a mail program broke to fit are joined again (RFC 3676 section 4)."""
    lines: list[Line] = []
    open_end = False
    for raw in text.split("\n"):
        depth, line = unquoted(raw)
        if not flowed:
            lines.append(Line(depth, line.rstrip()))
            continue
        if line.startswith(" ") and not depth:
            line = line[1:]
        soft = line.endswith(" ") and line != "-- "
        line = line[:-1] if soft and delsp else line
        if open_end and lines[-1].depth == depth and line != "-- ":
            lines[-1] = Line(depth, lines[-1].text + line)
        else:
            lines.append(Line(depth, line))
        open_end = soft
    return [Line(line.depth, line.text.rstrip()) for line in lines] if flowed else lines


def unquoted(raw: str) -> tuple[int, str]:
    """How often a line is quoted, and what stands behind the signs."""
    if not raw.startswith(">"):
        return 0, raw
    signs = _QUOTED.match(raw)
    assert signs is not None
    return min(signs[0].count(">"), MAX_DEPTH), raw[signs.end() :]


def blocks_of(
    lines: list[Line], urls: list[str] | None = None, *, from_html: bool = False
) -> list[TextBlock]:
    """The lines as blocks. `urls`: safe URLs by the numbers that stand in the text's link signs."""
    found: list[TextBlock] = []
    for (kind, depth), group in groupby(_sorted_out(lines), key=lambda line: line[:2]):
        text = _joined([line[2] for line in group])
        if text:
            text, links = _linked(text, urls or [])
            found.append(TextBlock(kind, text, depth, tuple(links), from_html))
    return found


def _joined(lines: list[str]) -> str:
    """The lines without those that are empty at both ends, and with one empty line where there were several."""
    kept = [line for place, line in enumerate(lines) if line or (place and lines[place - 1])]
    return "\n".join(kept).strip("\n")


def _linked(text: str, urls: list[str]) -> tuple[str, list[Link]]:
    """The text without link signs, and its links: those of the signs, and addresses that stand in it."""
    out: list[str] = []
    links: list[Link] = []
    length = at = 0

    def plain(piece: str) -> None:
        nonlocal length
        links.extend(Link(piece[a:b], url, length + a, length + b) for a, b, url in find_urls(piece))
        out.append(piece)
        length += len(piece)

    for found in _LINKED.finditer(text):
        plain(text[at : found.start()])
        shown = found[2]
        links.append(Link(shown, urls[int(found[1])], length, length + len(shown)))
        out.append(shown)
        length += len(shown)
        at = found.end()
    plain(text[at:])
    return "".join(out), links


_Sorted = tuple[BlockKind, int, str]


def _sorted_out(lines: list[Line]) -> list[_Sorted]:
    """Every line with its kind and depth; the line above a signature is left out."""
    out: list[_Sorted] = []
    base = changes = 0
    signed = False
    for number, line in enumerate(lines):
        if not line.depth and _starts_original(lines, number):
            base = min(base + 1, MAX_DEPTH)
        depth = min(base + line.depth, MAX_DEPTH)
        if depth:
            _attribute(out, depth)
            kind, signed = BlockKind.QUOTE, False
        elif line.text == "--" and not signed and _is_signature(lines, number):
            signed = True
            continue
        else:
            kind = BlockKind.SIGNATURE if signed else BlockKind.TEXT
        if out and out[-1][:2] != (kind, depth):
            changes += 1
            if changes >= MAX_BLOCKS:
                kind, depth = out[-1][:2]
        out.append((kind, depth, line.text))
    return out


def _attribute(out: list[_Sorted], depth: int) -> None:
    """Counts the line above a quote that says who wrote it, when, to the quote; mail programs break it at will."""
    last = len(out) - 1
    while last >= 0 and not out[last][2] and len(out) - last < _ATTRIBUTION_LINES:
        last -= 1
    if last < 0 or out[last][0] is BlockKind.QUOTE or not out[last][2].rstrip().endswith(":"):
        return
    for first in range(last, max(-1, last - _ATTRIBUTION_LINES), -1):
        if out[first][0] is BlockKind.QUOTE or not out[first][2]:
            return
        begins = first == 0 or not out[first - 1][2] or out[first][2].startswith(_ATTRIBUTION_STARTS)
        if begins and _ATTRIBUTION.search(" ".join(line[2] for line in out[first : last + 1])):
            out[first:] = [(BlockKind.QUOTE, depth, line[2]) for line in out[first:]]
            return


def _is_signature(lines: list[Line], number: int) -> bool:
    below = 0
    for line in lines[number + 1 : number + 5 * LONGEST_SIGNATURE]:
        if line.depth:
            break
        below += bool(line.text)
        if below > LONGEST_SIGNATURE:
            return False
    return below > 0


def _starts_original(lines: list[Line], number: int) -> bool:
    """True for the line with which Outlook and others begin the mail that they put below an answer."""
    text = lines[number].text
    if _ORIGINAL.match(text):
        return True
    first = _MAIL_FIELD.match(text)
    if first is None or first[1].lower() not in ("von", "from"):
        return False
    names = {
        field[1].lower()
        for line in lines[number + 1 : number + _HEADER_LINES]
        if (field := _MAIL_FIELD.match(line.text))
    }
    return len(names - {"von", "from"}) >= 2

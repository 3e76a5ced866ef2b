"""The HTML side of a mail that was written as Markdown; only the author's own words are read as Markdown."""

from __future__ import annotations

import html
import re
from functools import cache
from itertools import groupby
from typing import TYPE_CHECKING

from app.domain.mail.quoting import Part, Stretch, stretches

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

_LEVEL = re.compile(r"(?:> ?)+")
_QUOTE_STYLE = "margin:0 0 0 .4em;border-left:2px solid #bbb;padding-left:.8em;color:#555"
_PAGE = (
    '<!DOCTYPE html>\n<html>\n<head>\n<meta charset="utf-8">\n</head>\n'
    '<body style="font-family:Arial,Helvetica,sans-serif">\n{body}</body>\n</html>\n'
)


def to_html(body: str) -> str:
    """A whole HTML page. Quotes, signature and forwarded text are taken literally; no HTML and no image gets through."""
    return _PAGE.format(body="".join(_stretch(stretch) for stretch in stretches(body)))


def _stretch(stretch: Stretch) -> str:
    match stretch.part:
        case Part.OWN:
            return str(_markdown().render(stretch.text))
        case Part.QUOTE:
            return _quote(stretch.text)
        case Part.SIGNATURE | Part.FORWARDED:
            return f"<p>{_literal(stretch.text.strip(chr(10)))}</p>\n"


@cache
def _markdown() -> MarkdownIt:
    """CommonMark with tables and line breaks as typed; without what surprises in a mail: "---" under a line makes no
    heading, indented text no code, and nothing remote is embedded."""
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark", {"html": False, "breaks": True})
    return parser.enable(["table", "strikethrough"]).disable(["image", "lheading", "code", "reference"])


def _quote(text: str) -> str:
    """Nested block quotes, by the number of signs before each line."""
    out: list[str] = []
    depth = 0
    for level, lines in groupby(text.split("\n"), _level):
        out += ["</blockquote>\n"] * (depth - level)
        out += [f'<blockquote type="cite" style="{_QUOTE_STYLE}">\n'] * (level - depth)
        depth = level
        out.append(_literal("\n".join(_LEVEL.sub("", line, count=1) for line in lines)) + "\n")
    return "".join(out) + "</blockquote>\n" * depth


def _level(line: str) -> int:
    found = _LEVEL.match(line)
    return min(found.group().count(">"), 20) if found else 0


def _literal(text: str) -> str:
    lines = (html.escape(line, quote=False) for line in text.split("\n"))
    return "<br>\n".join(line.replace("  ", "&nbsp; ") for line in lines)

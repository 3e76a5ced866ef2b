"""HTML of a mail as readable lines, through html2text; which part of a mail is shown so is decided in `app.mail.mime.reading`.

html2text gets a rebuilt copy of the document (`app.mail.html_clean`), which keeps its time and its output within bounds.
Quotes, tables and links pass through it as signs of private use and are put in order afterwards.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from html2text import HTML2Text

from app.domain.mail.links import misleads, target
from app.domain.text import clean_block
from app.mail.html_clean import PICTURE, SIGNS_AS_TEXT, rebuild
from app.mail.lines import LINK, LINK_END, MAX_DEPTH, NUMBER_END, Line, unquoted

MAX_NESTED = 20
#: Longer cells make columns for looks, not rows of data.
MAX_CELL = 160

_QUOTE, _QUOTE_END = "\ue003", "\ue004"
_TABLE, _TABLE_END, _ROW, _CELL = "\ue005", "\ue006", "\ue007", "\ue008"
_SIGNS = re.compile("([\ue000-\ue00c])")
_TABLE_SIGNS = re.compile(f"([{_TABLE}{_TABLE_END}{_ROW}{_CELL}])")
_LINE_SIGNS = re.compile(f"([\n{_QUOTE}{_QUOTE_END}])")
_BREAKS = re.compile(f"([\n{_QUOTE}{_QUOTE_END}{_TABLE}{_TABLE_END}{_ROW}{_CELL}]+)")
_LINKED = re.compile(f"{LINK}(\\d+){NUMBER_END}([^{LINK_END}{LINK}]*){LINK_END}")
_LOOSE = re.compile(f"{LINK}\\d*{NUMBER_END}|[{LINK}{NUMBER_END}{LINK_END}{PICTURE}]")
_STRIPPED_SIGNS = re.compile("[\ue000-\ue008\ue00a]")


@dataclass(slots=True)
class HtmlText:
    """Lines with link signs in them, and the safe URLs that the signs' numbers mean. `cut`: there was more."""

    lines: list[Line]
    urls: list[str] = field(default_factory=list)
    cut: bool = False


def html_lines(html: str) -> HtmlText:
    """The document as cleaned lines."""
    rebuilt = rebuild(html)
    text = _cleaned(_Converter().handle(rebuilt.html))
    text = _tables_in_order(_links_in_order(text, rebuilt.urls))
    return HtmlText(_quoted_lines(text), rebuilt.urls, rebuilt.cut)


class _Converter(HTML2Text):
    """html2text with its Markdown signs switched off."""

    def __init__(self) -> None:
        super().__init__(bodywidth=0)
        self.unicode_snob = True
        self.ignore_emphasis = True
        self.backquote_code_style = True
        self.ul_item_mark = "-"
        self.tag_callback = _on_tag  # type: ignore[assignment]  # html2text declares it as None
        self.links: list[bool] = []
        self.nested = 0

    def handle_data(self, data: str, entity_char: bool = False) -> None:  # noqa: ARG002 - html2text's signature
        """Text as it is: nothing is escaped, for this never becomes Markdown."""
        self.o(data, puredata=True)


def _on_tag(to: _Converter, tag: str, attributes: dict[str, str | None], start: bool) -> bool:
    """Handles what must not become Markdown; False leaves the tag to html2text."""
    match tag:
        case "div":
            to.pbr()
        case "p":
            to.pbr() if start and attributes.get("class") else to.p()
        case "h1" | "h2" | "h3" | "h4" | "h5" | "h6":
            to.p()
        case "hr":
            to.p()
            to.o("-----")
            to.p()
        case "br":
            to.o("\n") if start else None
        case "a":
            _on_link(to, attributes.get("href"), start)
        case "pre":
            to.p()
            to.pre = start
        case "blockquote":
            _sign(to, _QUOTE if start else _QUOTE_END)
        case "table":
            _sign(to, _TABLE if start else _TABLE_END)
        case "tr":
            _sign(to, _ROW) if start else None
        case "td" | "th":
            _sign(to, _CELL) if start else None
        case "ul" | "ol" if start and len(to.list) >= MAX_NESTED:
            to.pbr()
        case _:
            return False
    return True


def _sign(to: _Converter, sign: str) -> None:
    to.p_p = 0
    to.space = False
    to.o(sign)
    to.start = True


def _on_link(to: _Converter, number: str | None, start: bool) -> None:
    if start:
        to.links.append(number is not None)
        if number is not None:
            to.o(f"{LINK}{number}{NUMBER_END}")
    elif to.links and to.links.pop():
        to.o(LINK_END)


def _cleaned(text: str) -> str:
    return "".join(
        [piece if place % 2 else clean_block(piece) for place, piece in enumerate(_SIGNS.split(text))]
    ).translate(SIGNS_AS_TEXT)


def _links_in_order(text: str, urls: list[str]) -> str:
    """Every link on a line of its own signs, with the real target behind a text that names another."""
    out: list[str] = []
    at = 0
    for found in _LINKED.finditer(text):
        out.append(_LOOSE.sub("", text[at : found.start()]))
        out.append(_link(found[1], found[2], urls[int(found[1])]))
        at = found.end()
    out.append(_LOOSE.sub("", text[at:]))
    return "".join(out)


def _link(number: str, shown: str, url: str) -> str:
    words = " ".join(_STRIPPED_SIGNS.sub(" ", shown).split())
    if not words:
        # Only a picture stands for the link, or nothing at all.
        return f"{LINK}{number}{NUMBER_END}[{target(url)}]{LINK_END}" if PICTURE in shown else shown
    pieces = _BREAKS.split(shown.replace(PICTURE, ""))
    last = max(place for place, piece in enumerate(pieces) if place % 2 == 0 and piece.strip())
    if misleads(words, url):
        pieces[last] = f"{pieces[last].rstrip()} [{target(url)}]"
    return "".join(
        [
            f"{LINK}{number}{NUMBER_END}{piece}{LINK_END}" if place % 2 == 0 and piece.strip() else piece
            for place, piece in enumerate(pieces)
        ]
    )


class _Table:
    """A table being put together: rows of cells of text."""

    def __init__(self) -> None:
        self.rows: list[list[list[str]]] = []
        self.nested = False

    def open_row(self) -> None:
        self.rows.append([])

    def open_cell(self) -> None:
        if not self.rows:
            self.open_row()
        self.rows[-1].append([])

    def add(self, text: str) -> None:
        """Text where it stands; outside of cells it makes one of its own, unless it is blank."""
        if text.strip() and not (self.rows and self.rows[-1]):
            self.open_cell()
        if self.rows and self.rows[-1]:
            self.rows[-1][-1].append(text)

    def text(self) -> str:
        rows = [["".join(cell).strip() for cell in row] for row in self.rows]
        data = not self.nested and all(_is_short(cell) for row in rows for cell in row)
        if data:
            return "\n" + "\n".join(filter(None, map(_row, rows))) + "\n"
        cells = [cell for row in rows for cell in row if cell]
        return "\n" + ("\n\n" if any("\n" in cell for cell in cells) else "\n").join(cells) + "\n"


def _is_short(cell: str) -> bool:
    return "\n\n" not in cell and len(_STRIPPED_SIGNS.sub("", cell)) <= MAX_CELL


def _row(cells: list[str]) -> str:
    """Cells side by side; a row with but one filled cell is a line of text."""
    cells = [" ".join(cell.split()) for cell in cells]
    filled = [cell for cell in cells if cell]
    if len(filled) <= 1:
        return "".join(filled)
    while not cells[-1]:
        cells.pop()
    return " | ".join(cells)


def _tables_in_order(text: str) -> str:
    """Tables of data as rows with their cells side by side, tables for looks as the lines in their cells."""
    out: list[str] = []
    tables: list[_Table] = []
    for place, piece in enumerate(_TABLE_SIGNS.split(text)):
        if place % 2 == 0:
            tables[-1].add(piece) if tables else out.append(piece)
        elif piece == _TABLE:
            if len(tables) < MAX_NESTED:
                tables.append(_Table())
        elif piece == _TABLE_END:
            if tables:
                _close(tables, out)
        elif tables and piece == _ROW:
            tables[-1].open_row()
        elif tables:
            tables[-1].open_cell()
        else:
            out.append("\n")
    while tables:
        _close(tables, out)
    return "".join(out)


def _close(tables: list[_Table], out: list[str]) -> None:
    text = tables.pop().text()
    if tables:
        tables[-1].nested = True
        tables[-1].add(text)
    else:
        out.append(text)


def _quoted_lines(text: str) -> list[Line]:
    """Lines with their depth, by the quotes of the document and by signs of quoting in the text."""
    lines: list[Line] = []
    depth = 0
    for piece in _LINE_SIGNS.split(text):
        if piece == _QUOTE:
            depth += 1
        elif piece == _QUOTE_END:
            depth = max(0, depth - 1)
        elif piece != "\n" and (piece or not lines or lines[-1].text):
            deeper, line = unquoted(piece)
            lines.append(Line(min(depth + deeper, MAX_DEPTH), line.rstrip()))
    return lines

"""An HTML document rebuilt from scratch with nothing but its structure, so that whoever reads it next reads no surprises.

It is not a sanitiser for browsers: the result is only ever fed to `app.mail.html_text`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from app.domain.mail.links import safe_url
from app.mail.html import NO_TEXT, entities

MAX_HTML = 600_000
MAX_TAGS = 30_000

#: Signs in the rebuilt text, of private use and removed from what came in: a no-break space, a picture, and the two
#: characters that would be markup.
BLANK, PICTURE, AMPERSAND, LESS = "\ue009", "\ue00a", "\ue00b", "\ue00c"
_AS_SIGNS = str.maketrans({"\xa0": BLANK, "&": AMPERSAND, "<": LESS})
SIGNS_AS_TEXT = str.maketrans({BLANK: " ", AMPERSAND: "&", LESS: "<"})
_PRIVATE = re.compile("[\ue000-\uf8ff]")
# A tag with its quoted attributes; what does not fit (quotes without an end) is dropped up to its bracket.
_MARKUP = re.compile(
    r"<(/?)([a-zA-Z][a-zA-Z0-9]{0,20})(?![\w:-])((?:[^<>\"']|\"[^\"<]{0,4000}\"|'[^'<]{0,4000}')*+)>|</?[a-zA-Z][^>]*>?"
)
_ATTRIBUTE = re.compile(r"(?<![\w-])([a-zA-Z-]{1,30})\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))")
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_NO_MARGIN = re.compile(r"margin(?:-top|-bottom)?\s*:\s*0", re.IGNORECASE)

_EMPTY = frozenset({"br", "hr", "img"})
_NEVER_HIDDEN = _EMPTY | {"input", "link", "meta", "p", "li"}  # their end tags may be missing by right
_is_line = re.compile(
    "address|article|aside|caption|center|details|dialog|dir|div|fieldset|figcaption|figure|footer|form|header|main|nav"
    "|section|summary|tbody|thead|tfoot"
).fullmatch
_is_structure = re.compile(
    "a|blockquote|br|dd|div|dl|dt|h[1-6]|hr|img|li|ol|p|pre|q|table|td|th|tr|ul"
).fullmatch


@dataclass(slots=True)
class Rebuilt:
    """`html`: well-formed tags without attributes, but for `href` (a number, the place of a safe URL in `urls`) and
    `class="tight"` of paragraphs that are meant as lines. `cut`: there was more."""

    html: str = ""
    urls: list[str] = field(default_factory=list)
    cut: bool = False


def rebuild(source: str) -> Rebuilt:
    """The document without what a style hides, what is no text, and what is too much."""
    cut = len(source) > MAX_HTML
    source = NO_TEXT.sub("", _PRIVATE.sub("\ufffd", source[:MAX_HTML]))
    work = _Work(hide=True)
    work.run(source)
    if work.hidden:
        # What was to be hidden never ended: rather too much than a mail that is gone.
        work = _Work(hide=False)
        work.run(source)
    return Rebuilt("".join(work.out), work.urls, cut or work.tags > MAX_TAGS)


class _Work:
    """One pass over a document."""

    def __init__(self, hide: bool) -> None:
        self.out: list[str] = []
        self.urls: list[str] = []
        self.tags = 0
        self.hidden = ""
        self._hide = hide
        self._depth = 0

    def run(self, source: str) -> None:
        at = 0
        for tag in _MARKUP.finditer(source):
            self._text(source[at : tag.start()])
            at = tag.end()
            closing, name, rest = tag.groups()
            if name is None:
                self._text(" ")
            elif self.hidden:
                self._inside_hidden(name.lower(), bool(closing))
            else:
                self._tag(name.lower(), bool(closing), rest)
        self._text(source[at:])

    def _text(self, piece: str) -> None:
        if piece and not self.hidden:
            self.out.append(entities(piece).translate(_AS_SIGNS))

    def _inside_hidden(self, name: str, closing: bool) -> None:
        if name == self.hidden:
            self._depth += -1 if closing else 1
            if not self._depth:
                self.hidden = ""

    def _tag(self, name: str, closing: bool, rest: str) -> None:
        attributes = {} if closing else _attributes(rest)
        if self._hide and name not in _NEVER_HIDDEN and _HIDDEN.search(attributes.get("style", "")):
            self.hidden, self._depth = name, 1
            return
        name = "div" if _is_line(name) else name
        if _is_structure(name):
            self.tags += 1
            if self.tags > MAX_TAGS:
                self.out.append(" ")
            elif not closing:
                self.out.append(self._opening(name, attributes))
            elif name not in _EMPTY:
                self.out.append(f"</{name}>")

    def _opening(self, name: str, attributes: dict[str, str]) -> str:
        if name == "a":
            url = safe_url(attributes.get("href", ""))
            if not url:
                return "<a>"
            self.urls.append(url)
            return f'<a href="{len(self.urls) - 1}">'
        if name == "img":
            return _picture(attributes)
        if name == "p" and _is_tight(attributes):
            return '<p class="tight">'
        return f"<{name}>"


def _attributes(rest: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, double, single, bare in _ATTRIBUTE.findall(rest):
        found.setdefault(name.lower(), entities(double or single or bare))
    return found


def _is_tight(attributes: dict[str, str]) -> bool:
    """True for paragraphs that word processors use as lines."""
    return "mso" in attributes.get("class", "").lower() or bool(
        _NO_MARGIN.search(attributes.get("style", ""))
    )


def _picture(attributes: dict[str, str]) -> str:
    """What a picture says in words; those of a dot's size, which report the reading home, say nothing."""
    size = {attributes.get("width", "").removesuffix("px"), attributes.get("height", "").removesuffix("px")}
    if size & {"0", "1", "2"}:
        return ""
    words = " ".join(_PRIVATE.sub("", attributes.get("alt", "")).split())
    return f"{PICTURE}[{words}]".translate(_AS_SIGNS) if words else PICTURE

"""Makes text from outside safe to draw and print, and fits it into cells; it does not decode, translate or fold.

Widths are those of `rich.cells`, because Textual draws by them. It is imported at the first text that is not plain
Latin, so that the command line does not pay for it.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

ELLIPSIS = "…"
TAB = 8

#: Marks kept on one base letter: more than any living script stacks, too few to climb over the lines around.
MAX_MARKS = 3

#: Characters that reorder what stands around them, and the sign that shows them (UAX #9, section 2).
BIDI_SIGNS = {
    "\u061c": "<ALM>",
    "\u200e": "<LRM>",
    "\u200f": "<RLM>",
    "\u202a": "<LRE>",
    "\u202b": "<RLE>",
    "\u202c": "<PDF>",
    "\u202d": "<LRO>",
    "\u202e": "<RLO>",
    "\u2066": "<LRI>",
    "\u2067": "<RLI>",
    "\u2068": "<FSI>",
    "\u2069": "<PDI>",
}

# One cell each, needing no care: Latin, Greek, Cyrillic, the punctuation of Western texts, the euro sign, drawing signs.
_PLAIN = (
    r" -~\xa1-\xac\xae-\u02ff\u0370-\u0377\u037a-\u037f\u0384-\u038a\u038c\u038e-\u03a1\u03a3-\u0482"
    r"\u2010-\u2027\u2030-\u205e\u20ac\u2122\u2190-\u21ff\u2500-\u25fc\u2713\u2717"
)
_NOT_PLAIN = re.compile(f"[^{_PLAIN}]")
_NOT_PLAIN_BLOCK = re.compile(f"[^\\n{_PLAIN}]")
_LINE_BREAKS = re.compile("\r\n|[\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_REPLACEMENT = "\ufffd"

# Drawn as nothing, or joined with the neighbour by some terminals and not by others (Default_Ignorable_Code_Point of
# Unicode's DerivedCoreProperties as far as it is not Cf, and the skin tones).
_IGNORABLE = frozenset(
    (0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x3164, 0xFFA0, *range(0x180B, 0x1810), *range(0xFE00, 0xFE10))
) | frozenset((*range(0x1F3FB, 0x1F400), *range(0xE0000, 0xE1000)))
_FLAG_LETTERS = range(0x1F1E6, 0x1F200)
_REMEMBERED = 20_000


class _Signs(dict[int, str]):
    """What each character becomes; worked out at the first need, and remembered within bounds."""

    def __missing__(self, code: int) -> str:
        sign = _sign(code)
        if len(self) < _REMEMBERED:
            self[code] = sign
        return sign


def _sign(code: int) -> str:
    char = chr(code)
    if char in BIDI_SIGNS:
        return BIDI_SIGNS[char]
    if code in _IGNORABLE:
        return ""
    if code in _FLAG_LETTERS:
        return chr(code - _FLAG_LETTERS.start + ord("A"))
    match unicodedata.category(char):
        case "Cf" | "Me":
            return ""
        case "Cc" | "Cs" | "Co" | "Cn":
            return _REPLACEMENT
        case "Zs":
            return " "
    return char


_SIGNS = _Signs({ord(c): " " for c in "\n\t\x0b\x0c\r\x1c\x1d\x1e\x1f\x85\u2028\u2029"})
_BLOCK_SIGNS = _Signs({ord("\n"): "\n"})


@lru_cache(maxsize=4096)
def _is_mark(char: str) -> bool:
    """True for what is drawn upon the character before it, in no cell of its own."""
    return (
        unicodedata.category(char) in ("Mn", "Mc")
        or "\u1160" <= char <= "\u11ff"
        or "\ud7b0" <= char <= "\ud7fb"
    )


def _thin_marks(text: str) -> str:
    """At most `MAX_MARKS` marks upon a letter, and none without a letter."""
    out = []
    marks = MAX_MARKS
    for char in text:
        if not _is_mark(char):
            marks = MAX_MARKS if char == "\n" else 0
        elif marks >= MAX_MARKS:
            continue
        else:
            marks += 1
        out.append(char)
    return "".join(out)


def clean_line(text: str) -> str:
    """`text` as one line that any terminal can draw: idempotent, and the text itself when there is nothing to clean.

    Line breaks and tabs become spaces. Other controls, lone surrogates and unassigned characters become U+FFFD,
    characters that change the direction of writing are shown as a sign such as `<RLO>`, invisible ones (zero width,
    soft hyphen, byte order mark, tags, variation selectors) vanish. Flags become letters.
    """
    if _NOT_PLAIN.search(text) is None:
        return text
    text = text.replace("\r\n", " ").translate(_SIGNS)
    return _settle(text) if _NOT_PLAIN.search(text) else text


def clean_block(text: str) -> str:
    r"""The same for text of several lines: every kind of line break becomes `\n`, tabs become spaces."""
    if _NOT_PLAIN_BLOCK.search(text) is None:
        return text
    text = _LINE_BREAKS.sub("\n", text).expandtabs(TAB).translate(_BLOCK_SIGNS)
    return _settle(text) if _NOT_PLAIN_BLOCK.search(text) else text


def _settle(text: str) -> str:
    text = unicodedata.normalize("NFC", text)
    return _thin_marks(text) if any(map(_is_mark, set(text))) else text


def cell_width(text: str) -> int:
    """Cells that a terminal needs for one cleaned line."""
    if _NOT_PLAIN.search(text) is None:
        return len(text)
    from rich.cells import cell_len

    return cell_len(text)


def fit(text: str, width: int) -> str:
    """`text` cleaned, cut or padded to exactly `width` cells; what is cut ends in an ellipsis."""
    if _NOT_PLAIN.search(text) is None:
        missing = width - len(text)
        if missing >= 0:
            return text + " " * missing
        return text[: width - 1] + ELLIPSIS if width > 0 else ""
    return _fit_wide(text, width)


@lru_cache(maxsize=2048)
def _fit_wide(text: str, width: int) -> str:
    from rich.cells import get_character_cell_size

    if width <= 0:
        return ""
    text = clean_line(text)
    missing = width - cell_width(text)
    if missing >= 0:
        return text + " " * missing
    room = width - 1
    kept = 0
    for char in text:
        size = get_character_cell_size(char)
        if size > room:
            break
        room -= size
        kept += 1
    return text[:kept] + ELLIPSIS + " " * room

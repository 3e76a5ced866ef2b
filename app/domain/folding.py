"""Words for full-text search, folded so that müller, mueller and muller are one; not for anything that is shown."""

from __future__ import annotations

import re
import unicodedata

_UMLAUTS = str.maketrans({"ä": "a", "ö": "o", "ü": "u", "ß": "ss", "æ": "a", "ø": "o"})
# "ue" after a vowel or q is not a written-out ü (Bauer, neue, Quelle); likewise "ae" and "oe" after a vowel.
_WRITTEN_OUT = re.compile(r"(?<![aeiouqy])([aou])e")


def fold(text: str) -> str:
    """Lower case, without diacritics, with written-out umlauts (ae, oe, ue) as their base letter and ß as ss."""
    text = text.lower().translate(_UMLAUTS)
    if not text.isascii():
        text = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
        text = text.translate(_UMLAUTS)
    return _WRITTEN_OUT.sub(r"\1", text)

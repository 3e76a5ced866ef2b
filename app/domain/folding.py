"""Words for full-text search, folded so that müller, mueller and muller are one; not for anything that is shown.

Every mail of a first sync passes through here whole, so the frequent letters go by `str.replace` and the rest by runs.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_FREQUENT = (("ä", "a"), ("ö", "o"), ("ü", "u"), ("ß", "ss"))
_UMLAUTS = str.maketrans({"ä": "a", "ö": "o", "ü": "u", "ß": "ss", "æ": "a", "ø": "o"})
_FOREIGN = re.compile(r"[^\x00-\x7f]+")
# The e of a written-out umlaut. "ue" after a vowel or q is none (Bauer, neue, Quelle); likewise "ae" and "oe" after a
# vowel. It begins with the letter that the regular expression engine can look for.
_WRITTEN_OUT = re.compile(r"e(?<=[aou]e)(?<![aeiouqy][aou]e)")


def fold(text: str) -> str:
    """Lower case, without diacritics, with written-out umlauts (ae, oe, ue) as their base letter and ß as ss."""
    text = text.lower()
    if not text.isascii():
        for umlaut, letters in _FREQUENT:
            text = text.replace(umlaut, letters)
        text = _FOREIGN.sub(_fold_match, text)
    return _WRITTEN_OUT.sub("", text)


def _fold_match(run: re.Match[str]) -> str:
    # Long runs are whole texts in another script: remembering them would only fill the memory.
    return _fold_run(run[0]) if len(run[0]) < 40 else _fold_run.__wrapped__(run[0])


@lru_cache(maxsize=8192)
def _fold_run(run: str) -> str:
    run = unicodedata.normalize("NFKD", run.translate(_UMLAUTS))
    return "".join(c for c in run if not unicodedata.combining(c)).translate(_UMLAUTS)

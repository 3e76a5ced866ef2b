"""Words for full-text search, folded so that müller, mueller and muller are one; not for anything that is shown.

Every mail of a first sync passes through here whole, so the frequent letters go by `str.replace` and the rest by runs,
which the ASCII encoder finds faster than any regular expression.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from functools import lru_cache

_FREQUENT = (("ä", "a"), ("ö", "o"), ("ü", "u"), ("ß", "ss"), ("Ä", "a"), ("Ö", "o"), ("Ü", "u"))
_LETTERS = str.maketrans({"ä": "a", "ö": "o", "ü": "u", "ß": "ss", "æ": "a", "ø": "o", "ς": "σ"})
# The e of a written-out umlaut. "ue" after a vowel or q is none (Bauer, neue, Quelle); likewise "ae" and "oe" after a
# vowel. It begins with the letter that the regular expression engine can look for.
# An e before another e stays, so that folded words fold to themselves.
_WRITTEN_OUT = re.compile(r"e(?!e)(?<=[aou]e)(?<![aeiouqy][aou]e)")
_LONG_RUN = 40


def fold(text: str) -> str:
    """Lower case, without diacritics, with written-out umlauts (ae, oe, ue) as their base letter and ß as ss."""
    if text.isascii():
        text = text.lower()
    else:
        for umlaut, letters in _FREQUENT:
            text = text.replace(umlaut, letters)
        text = text.encode("ascii", "postkorb_fold").lower().decode("utf-8")
    return _WRITTEN_OUT.sub("", text)


def _fold_run(run: str) -> bytes:
    run = unicodedata.normalize("NFKD", run.lower().translate(_LETTERS))
    run = "".join(char for char in run if not unicodedata.combining(char)).lower().translate(_LETTERS)
    return run.encode("utf-8", "replace")


_remembered = lru_cache(maxsize=8192)(_fold_run)


def _on_run(error: UnicodeError) -> tuple[bytes, int]:
    """Folds a run of characters that are not ASCII (`codecs.register_error`)."""
    assert isinstance(error, UnicodeEncodeError)
    run = error.object[error.start : error.end]
    # Long runs are whole texts in another script: remembering them would only fill the memory.
    return (_remembered(run) if len(run) < _LONG_RUN else _fold_run(run)), error.end


codecs.register_error("postkorb_fold", _on_run)

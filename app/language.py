"""Screen texts in the rep's language; German unless English is asked for. A leaf: every room may import it.

Source texts in the code are English; `translations/de` holds the German ones (`make translations` compiles them).
"""

from __future__ import annotations

import gettext
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

TRANSLATIONS = Path(__file__).parent / "translations"

_catalogue: gettext.NullTranslations = gettext.translation("postkorb", TRANSLATIONS, ["de"], fallback=True)


def use_language(code: str) -> None:
    """Speak the language with this ISO 639-1 code ("de" or "en") from now on."""
    global _catalogue
    _catalogue = gettext.translation("postkorb", TRANSLATIONS, [code], fallback=True)


@contextmanager
def in_english() -> Iterator[None]:
    """Speak English for a while: what scripts read is the same in every language."""
    global _catalogue
    before, _catalogue = _catalogue, gettext.NullTranslations()
    try:
        yield
    finally:
        _catalogue = before


def _(text: str) -> str:
    """The text in the current language."""
    return _catalogue.gettext(text)


def N_(text: str) -> str:  # noqa: N802 - the name that tools for translations look for
    """Marks a source text that is translated where it is shown, not where it stands."""
    return text


def ngettext(one: str, many: str, n: int) -> str:
    """The singular or plural text for `n` in the current language."""
    return _catalogue.ngettext(one, many, n)

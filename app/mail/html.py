"""HTML of mails without its markup: a clean copy for the converter, and its bare words for the search index.

Every pattern here takes linear time for any input, which the HTML parsers tried do not: 100,000 nested `<div>` keep
lexbor busy for 25 seconds and `html.parser` forever. No stylesheet, script, image or address is ever followed.
"""

from __future__ import annotations

import re
from html import unescape

# What is never text: comments, the insides of scripts and the like, declarations. An unclosed one reaches to the end.
NO_TEXT = re.compile(
    r"<(?=[!?stxn])(?:!--(?:.*?-->|.*)|(script|style|title|template|noembed|xml)\b(?:.*?</\1\s*>|.*)|[!?][^>]*>?)",
    re.DOTALL | re.IGNORECASE,
)
# Tags within a word, as today's programs write them: R<b>ech</b>nung is one word.
_INLINE = re.compile(r"</?(?:[abisu]|em|font|o:p|small|span|strong)(?:>|\s[^>]*>?)")
_TAG = re.compile(r"</?[a-zA-Z][^>]*>?")
_LONG_NUMBER = re.compile(r"&#[xX]?[0-9a-fA-F]{9,}")


def html_words(html: str) -> str:
    """The text of an HTML document, for indexing; what a style sheet hides is in it too."""
    return entities(_TAG.sub(" ", _INLINE.sub("", NO_TEXT.sub("", html))))


def entities(text: str) -> str:
    """`text` with its character references resolved; numbers too long for any character become U+FFFD."""
    return unescape(_LONG_NUMBER.sub("\ufffd", text)) if "&" in text else text

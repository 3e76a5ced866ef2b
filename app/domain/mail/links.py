"""Addresses in the net: which may be opened, where they really lead, and which text says something else about it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from urllib.parse import quote, urlsplit

MAX_URL = 4_000
_SCHEMES = frozenset({"http", "https", "mailto", "tel"})
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f]+")
_SCHEME = re.compile(r"([a-zA-Z][a-zA-Z0-9+.-]{0,20}):")
# Anything that a reader takes for the name of a host; bounded, and tried at word starts only.
_HOST = re.compile(r"(?<![\w.-])(?:[\w-]{1,63}\.){1,8}[^\W\d_][\w-]{1,62}")
_HOST_CHARACTERS = re.compile(r"[a-z0-9_.:\[\]-]+")
_URL = re.compile(
    r"(?<![\w.@/-])(?:https?://[^\s<>\"]{1,4000}|www\.[^\s<>\"]{1,4000}|mailto:[^\s<>\"]{1,500}"
    r"|[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8})"
)
_CLOSERS = {")": "(", "]": "[", "}": "{"}


def safe_url(href: str) -> str:
    """The address as printable ASCII if it may be opened, else empty: http, https, mailto and tel only.

    The host becomes ASCII (RFC 5890), so that letters that look like others cannot hide in it.
    """
    url = _CONTROLS.sub("", href[: MAX_URL + 1]).strip()
    if url.startswith("//"):
        url = "https:" + url
    scheme = _SCHEME.match(url)
    if scheme is None or scheme[1].lower() not in _SCHEMES or len(url) > MAX_URL:
        return ""
    if scheme[1].lower() in ("mailto", "tel"):
        return quote(url, safe="%/:=&?~#+!$,;'@()*[]", errors="replace")
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return ""
    host = _ascii_host(host)
    if not host:
        return ""
    place = f"[{host}]" if ":" in host else host
    place += "" if port is None else f":{port}"
    rest = quote(parts.path, safe="%/:=&~+!$,;'@()*[]-._", errors="replace")
    rest += f"?{quote(parts.query, safe=_QUERY, errors='replace')}" if parts.query else ""
    rest += f"#{quote(parts.fragment, safe=_QUERY, errors='replace')}" if parts.fragment else ""
    return f"{parts.scheme}://{place}{rest}"


_QUERY = "%/:=&?~#+!$,;'@()*[]-._|"


def _ascii_host(host: str) -> str:
    host = host.rstrip(".")
    if not host.isascii():
        try:
            host = unicodedata.normalize("NFKC", host).encode("idna").decode("ascii")
        except UnicodeError:
            return ""
    host = host.lower()
    return host if _HOST_CHARACTERS.fullmatch(host) else ""


def target(url: str) -> str:
    """Where a safe URL leads, for a person: the host, the mail address or the number."""
    scheme, _, rest = url.partition(":")
    if scheme in ("mailto", "tel"):
        return rest.partition("?")[0]
    return urlsplit(url).netloc


def misleads(text: str, url: str) -> bool:
    """True if the visible text names a host other than the one the safe `url` leads to, or one within or above it."""
    real = (urlsplit(url).hostname or "") if "://" in url else target(url).rpartition("@")[2].lower()
    plain = unicodedata.normalize("NFKC", text).lower()
    return any(not _related(_ascii_host(found[0]), real) for found in _HOST.finditer(plain))


def _related(named: str, real: str) -> bool:
    named, real = named.removeprefix("www."), real.removeprefix("www.")
    return bool(named) and (named == real or named.endswith(f".{real}") or real.endswith(f".{named}"))


def find_urls(text: str) -> Iterator[tuple[int, int, str]]:
    """Start, end and safe URL of every address that stands in plain text, without the punctuation behind it."""
    for found in _URL.finditer(text):
        shown = _trimmed(found[0])
        if shown.startswith("www."):
            url = safe_url(f"http://{shown}")
        elif "://" in shown or shown.startswith("mailto:"):
            url = safe_url(shown)
        else:
            url = safe_url(f"mailto:{shown}")
        if url:
            yield found.start(), found.start() + len(shown), url


def _trimmed(shown: str) -> str:
    while shown:
        last = shown[-1]
        opener = _CLOSERS.get(last)
        if last in ".,;:!?'\"*_>" or (opener and shown.count(last) > shown.count(opener)):
            shown = shown[:-1]
        else:
            break
    return shown

"""Where links lead is told truly, and only harmless ones can be opened."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.mail.links import find_urls, misleads, safe_url, target


@pytest.mark.parametrize(
    ("href", "url"),
    [
        ("https://vogel.example/a?b=1#c", "https://vogel.example/a?b=1#c"),
        (" HTTP://Vogel.example ", "http://vogel.example"),
        ("https://vogel.example/a b/ü", "https://vogel.example/a%20b/%C3%BC"),
        ("https://vogel.example/100%25", "https://vogel.example/100%25"),
        ("//vogel.example/x", "https://vogel.example/x"),
        ("https://bank.example@evil.example/", "https://evil.example/"),
        ("https://bücher.example/", "https://xn--bcher-kva.example/"),
        ("https://b\u0430nk.example/", "https://xn--bnk-6cd.example/"),
        ("https://[2001:db8::1]:8443/", "https://[2001:db8::1]:8443/"),
        ("https://vogel.example/\x1b]8;;\x07\n", "https://vogel.example/]8;;"),
        ("mailto:silke@vogel.example?subject=a b", "mailto:silke@vogel.example?subject=a%20b"),
        ("tel:+49 40 1", "tel:+49%2040%201"),
        ("javascript:alert(1)", ""),
        ("java\nscript:alert(1)", ""),
        ("data:text/html,x", ""),
        ("file:///etc/passwd", ""),
        ("ftp://vogel.example", ""),
        ("seite.html", ""),
        ("https://", ""),
        ("https://a:b:c/", ""),
        ("https://[broken/", ""),
        ("https://vogel.example/" + "a" * 5000, ""),
    ],
)
def test_only_harmless_addresses_can_be_opened(href: str, url: str) -> None:
    assert safe_url(href) == url


@given(st.text(st.characters(codec=None, exclude_categories=[])) | st.from_regex(r"(https?://|mailto:|//).*"))
def test_an_address_that_can_be_opened_is_printable_ascii(href: str) -> None:
    url = safe_url(href)
    assert url.isascii()
    assert url.isprintable()
    assert " " not in url
    assert safe_url(url) == url
    if "://" in url:
        assert urlsplit(url).hostname


@pytest.mark.parametrize(
    ("text", "url", "lies"),
    [
        ("Zum Shop", "https://evil.example/", False),
        ("www.vogel.example", "https://vogel.example/x", False),
        ("vogel.example", "https://news.vogel.example/", False),
        ("https://bank.example/login", "https://evil.example/", True),
        ("bank.example", "https://bank.example.evil.example/", True),
        ("bank.example", "https://evilbank.example/", True),
        ("b\u0430nk.example", "https://bank.example/", True),
        ("bank\u2024example", "https://evil.example/", True),
        ("silke@vogel.example", "mailto:silke@vogel.example", False),
        ("silke@vogel.example", "mailto:silke@evil.example", True),
        ("bücher.example", "https://xn--bcher-kva.example/", False),
    ],
)
def test_a_text_that_names_another_host_is_recognised(text: str, url: str, lies: bool) -> None:
    assert misleads(text, url) is lies


def test_the_target_is_named_for_a_person() -> None:
    assert target("https://vogel.example:8443/x") == "vogel.example:8443"
    assert target("mailto:s@vogel.example?subject=x") == "s@vogel.example"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Siehe https://vogel.example/a_(b). Gruß", ["https://vogel.example/a_(b)"]),
        ("(www.vogel.example)", ["http://www.vogel.example"]),
        (
            "<https://vogel.example/x>, <silke@vogel.example>",
            ["https://vogel.example/x", "mailto:silke@vogel.example"],
        ),
        ("Preis 5.99 z.B. und/oder a@b", []),
        ("https://vogel.example/@mueller", ["https://vogel.example/@mueller"]),
    ],
)
def test_addresses_in_plain_text_are_found_without_their_punctuation(text: str, found: list[str]) -> None:
    assert [url for _, _, url in find_urls(text)] == found


@given(st.text(st.sampled_from("htps:/w.@aü-()<> \n\"']")))
def test_found_addresses_stand_where_they_are_said_to(text: str) -> None:
    at = 0
    for start, end, _ in find_urls(text):
        assert at <= start < end <= len(text)
        at = end

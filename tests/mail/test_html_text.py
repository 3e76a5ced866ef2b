"""HTML becomes text that reads well, loads nothing, hides nothing and takes bounded time."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.mail.reading import BlockKind, TextBlock
from app.domain.text import clean_block
from app.mail.html import html_words
from app.mail.html_clean import MAX_TAGS, rebuild
from app.mail.html_text import html_lines
from app.mail.lines import blocks_of


def blocks(html: str) -> list[TextBlock]:
    text = html_lines(html)
    return blocks_of(text.lines, text.urls, from_html=True)


def text(html: str) -> str:
    return "\n\n".join(block.text for block in blocks(html))


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>Guten Tag,</p><p>hier das <b>An</b>gebot.</p>", "Guten Tag,\n\nhier das Angebot."),
        ("<div>eins</div><div>zwei</div><div><br></div><div>drei</div>", "eins\nzwei\n\ndrei"),
        (
            "<p class=MsoNormal>eins</p><p class=MsoNormal>&nbsp;</p><p class=MsoNormal>zwei</p>",
            "eins\n\nzwei",
        ),
        ("a<br>b<br/>c", "a\nb\nc"),
        ("<h1>Titel</h1>Text", "Titel\n\nText"),
        ("<ul><li>eins<li>zwei</ul>", "  - eins\n  - zwei"),
        ("<ol><li>eins</li><li>zwei</li></ol>", "  1. eins\n  2. zwei"),
        ("<pre>a\n  b</pre>", "a\n  b"),
        ("1. Posten *neu* _hier_ - a # b", "1. Posten *neu* _hier_ - a # b"),
        ("5 &lt; 6 &amp;amp; a &#8364; &unknown; &#27;[31m", "5 < 6 &amp; a € &unknown; [31m"),
        ("a < b und <unbekannt>c</unbekannt>", "a < b und c"),
        ("<style>p{}</style><script>x()</script><title>t</title>a<!-- b -->c", "ac"),
        ("<img src='https://evil.example/p.gif' width=1 height=1 alt='Pixel'>a", "a"),
        ("<img src='cid:x' alt='Unser Messestand'>", "[Unser Messestand]"),
        ("<div style='display:none'>versteckt <div>auch</div></div>da", "da"),
        ("<div style='display:none'>nie beendet <p>Text", "nie beendet\n\nText"),
    ],
)
def test_html_reads_like_a_letter(html: str, expected: str) -> None:
    assert text(html) == expected


def test_rows_of_a_table_stay_rows() -> None:
    html = "<table><tr><th>Menge</th><th>Preis</th></tr><tr><td><p>2</p></td><td><p>5 €</p></td></tr></table>"
    assert text(html) == "Menge | Preis\n2 | 5 €"


def test_a_table_for_looks_is_read_cell_by_cell() -> None:
    html = (
        "<table><tr><td><table><tr><td>Logo</td><td><p>Absatz eins</p><p>Absatz zwei</p></td></tr></table></td>"
        "<td>Rand</td></tr></table>"
    )
    assert text(html) == "Logo\n\nAbsatz eins\n\nAbsatz zwei\n\nRand"


def test_an_empty_cell_keeps_its_place_in_a_row() -> None:
    assert (
        text("<table><tr><td>a<td><td>c</tr><tr><td></td><td>allein</td></tr></table>") == "a |  | c\nallein"
    )


def test_quotes_and_the_line_above_them_are_told_apart() -> None:
    html = (
        "<div>Gerne.</div><div class=gmail_quote>Am 20.11.2026 um 9:41 schrieb Silke &lt;<a href='mailto:s@vogel.example'>"
        "s@vogel.example</a>&gt;:<blockquote>Passt es?<blockquote>Wann?</blockquote></blockquote></div>"
        "<div>-- <br>A. Berg</div>"
    )
    assert [(b.kind, b.depth, b.text.split("\n")[0][:20]) for b in blocks(html)] == [
        (BlockKind.TEXT, 0, "Gerne."),
        (BlockKind.QUOTE, 1, "Am 20.11.2026 um 9:4"),
        (BlockKind.QUOTE, 2, "Wann?"),
        (BlockKind.SIGNATURE, 0, "A. Berg"),
    ]


def test_the_mail_that_outlook_puts_below_an_answer_is_a_quote() -> None:
    html = (
        "<p>Gerne.</p><div style='border-top:solid'><p class=MsoNormal><b>Von:</b> Silke<br><b>Gesendet:</b> Freitag<br>"
        "<b>An:</b> Berg<br><b>Betreff:</b> Pumpen</p></div><p>Passt es?</p>"
    )
    assert [(b.kind, b.depth) for b in blocks(html)] == [(BlockKind.TEXT, 0), (BlockKind.QUOTE, 1)]


def test_links_say_where_they_lead_if_their_text_says_otherwise() -> None:
    (block,) = blocks(
        "<a href='https://evil.example/x'>www.bank.example</a> <a href='https://shop.example'>Zum <b>Shop</b></a>"
        " <a href='https://shop.example/b'><img src=x></a> <a href='javascript:x()'>Klick</a> https://plain.example/"
    )
    assert block.text == (
        "www.bank.example [evil.example] Zum Shop [shop.example] Klick https://plain.example/"
    )
    assert [(link.text, link.url) for link in block.links] == [
        ("www.bank.example [evil.example]", "https://evil.example/x"),
        ("Zum Shop", "https://shop.example"),
        ("[shop.example]", "https://shop.example/b"),
        ("https://plain.example/", "https://plain.example/"),
    ]


def test_a_host_split_by_tags_or_lines_cannot_hide_another() -> None:
    assert "[evil.example]" in text("<a href='https://evil.example'>bank<b>.exa</b>mple</a>")
    assert "[evil.example]" in text("<a href='https://evil.example'><p>Hier</p><p>bank.example</p></a>")
    assert "[evil.example]" in text("<a href='https://evil.example'>bank&#8203;.example</a>")


def test_a_link_over_several_lines_is_a_link_on_each() -> None:
    found = blocks("<a href='https://shop.example'><p>eins</p><blockquote>zwei</blockquote></a>")
    assert [[link.text for link in block.links] for block in found] == [["eins"], ["zwei"]]


HOSTILE = {
    "div": "<div>" * 100_000,
    "list": "<ul><li>" * 60_000,
    "quote": "<blockquote>x" * 40_000,
    "table": "<table><tr><td>" * 30_000 + "x",
    "link": "<a href=https://x.example>" * 20_000 + "y",
    "less": "<" * 400_000,
    "unclosed": '<a "' * 100_000,
    "attributes": "<p " + "a=1 " * 100_000 + ">",
    "entities": "&amp;" * 100_000,
    "numbers": "&#" + "1" * 400_000,
    "comments": "<!--" * 100_000,
    "declarations": "<![" * 100_000,
    "scripts": "<script" * 60_000,
    "styles": "<div style='display:none'>" * 20_000,
    "cells": "<table>" + "<tr><td>x</td><td>y</td>" * 5_000,
    "abbreviations": "<abbr title=x>" * 30_000,
    "long": "Wort " * 200_000,
}


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.timeout(20)
def test_hostile_html_ends(name: str) -> None:
    assert len(html_words(HOSTILE[name])) <= len(HOSTILE[name]) + 10
    assert len(blocks(HOSTILE[name])) <= 1_001


def test_what_is_too_much_is_said() -> None:
    assert html_lines("<p>x" * (MAX_TAGS + 1)).cut
    assert html_lines("x" * 1_000_000).cut
    assert not html_lines("<p>x").cut


PIECES = [
    "<p>",
    "</p>",
    "<div>",
    "</div>",
    "<table>",
    "</table>",
    "<tr>",
    "<td>",
    "</td>",
    "<blockquote>",
    "</blockquote>",
    "<a href='https://x.example'>",
    "</a>",
    "<ul>",
    "<li>",
    "</ul>",
    "<pre>",
    "</pre>",
    "<br>",
    "<img alt='b'>",
    "<img>",
    "<q>",
    "<dl><dt>",
    "<dd>",
    "<h1>",
    "<hr>",
    "<abbr title=x>",
    "<",
    ">",
    "&",
    "'",
    '"',
    "<!--",
    "-->",
    "&nbsp;",
    "&#x202e;",
    "&#27;",
    "> ",
    "\n",
    "--",
    "Von: x",
    "\ue000",
    "\ue002",
    "www.bank.example",
    "text ",
    "\u202e",
    "\x1b",
]
markup = st.lists(st.sampled_from(PIECES) | st.text(max_size=3)).map("".join)


@given(markup)
def test_any_html_gives_clean_text_with_links_in_their_places(html: str) -> None:
    for block in blocks(html):
        assert clean_block(block.text) == block.text
        assert block.text.strip("\n") == block.text != ""
        assert not any("\ue000" <= char <= "\uf8ff" for char in block.text)
        for link in block.links:
            assert block.text[link.start : link.end] == link.text != ""
            assert "\n" not in link.text


@given(markup)
def test_the_rebuilt_document_holds_no_address_but_numbers(html: str) -> None:
    rebuilt = rebuild(html)
    assert "&" not in rebuilt.html
    assert re.findall(r"href=.", rebuilt.html) == re.findall(r'href="', rebuilt.html)
    assert re.findall(r'href="(\d+)"', rebuilt.html) == [str(number) for number in range(len(rebuilt.urls))]

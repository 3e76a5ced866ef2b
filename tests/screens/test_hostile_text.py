"""Whatever a mail, a folder or a server says: no control character, no bidirectional override and no line too long or
too short reaches the screen."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.style import Style

from app.domain.mail.messages import Address, FolderRow, LinkLabel, Role
from app.domain.mail.reading import Attachment, BlockKind, ReadableMail, TextBlock
from app.domain.mail.triage import Comment
from app.widgets.bar import Item, fitting
from app.widgets.folder_entries import entries_of
from app.widgets.mail_line import Columns, Drawing, Palette, mail_line
from app.widgets.reading_layout import Reading, View, layout
from app.widgets.signs import ASCII, UNICODE
from app.widgets.text_pane import TextLine
from app.widgets.wrap import breaks
from tests.screens.fake import NOW, FakeReader

FORBIDDEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u200b\u200e\u200f\ufeff]")
NASTY = st.text(
    alphabet=st.one_of(
        st.characters(),
        st.sampled_from("\x1b\x07\x08\r\n\t\x9b\u202e\u2066\u200b\u0301東京👍🏽🇩🇪\ufeff\u00ad"),
    ),
    max_size=60,
)
STYLE = Style.null()
PALETTE = Palette(STYLE, STYLE, STYLE, STYLE, STYLE, STYLE, STYLE, STYLE, {})


@settings(max_examples=200, deadline=None)
@given(NASTY, NASTY, NASTY, NASTY, st.integers(20, 250), st.booleans())
def test_a_line_of_the_list_is_as_wide_as_it_should_be(name, address, subject, title, width, ascii_only):
    row = replace(
        FakeReader().row(3),
        sender_name=name,
        sender_address=address,
        subject=subject,
        links=(LinkLabel("lead", 1, title),),
    )
    signs = ASCII if ascii_only else UNICODE
    drawing = Drawing(width + 1, Columns.for_width(width), signs, NOW)
    text = "".join(segment.text for segment in mail_line(row, drawing, PALETTE, selected=True))
    assert not FORBIDDEN.search(text)
    if width >= 40:
        assert cell_len(text) == width


@settings(max_examples=200, deadline=None)
@given(NASTY, NASTY, NASTY, NASTY, NASTY, st.integers(20, 120))
@example(name="", address="0" * 13, subject="", body="", file="", width=20)
def test_no_line_of_the_reading_pane_is_too_wide(name, address, subject, body, file, width):
    from app.domain.text import clean_block, clean_line

    mail = ReadableMail(
        sender=Address(clean_line(name), clean_line(address)),
        to=tuple(Address(clean_line(name), clean_line(address)) for _ in range(30)),
        cc=(),
        reply_to=(),
        date=NOW,
        subject=clean_line(subject),
        headers=(("X", clean_line(body)),),
        blocks=(
            TextBlock(BlockKind.TEXT, clean_block(body)),
            TextBlock(BlockKind.QUOTE, clean_block(body), depth=2),
            TextBlock(BlockKind.SIGNATURE, clean_block(body)),
        ),
        attachments=(Attachment(0, clean_line(file), "text/plain", 3),),
    )
    row = replace(FakeReader().row(3), links=(LinkLabel("lead", 1, subject),))
    reading = Reading(row, mail, comments=(Comment(body, name, NOW),), suggestion=subject)
    for view in (View(width, UNICODE, NOW), View(width, ASCII, NOW, all_open=True, headers=True)):
        for line in layout(reading, view):
            check(line, width)


def check(line: TextLine, width: int) -> None:
    from app.domain.text import clean_line

    text = "".join(clean_line(span.text) for span in line)  # as the pane draws it
    assert not FORBIDDEN.search(text)
    assert cell_len(text) <= width


@settings(max_examples=200, deadline=None)
@given(NASTY, NASTY, NASTY)
def test_folder_names_are_cleaned(mailbox, name, error):
    row = FolderRow(1, 1, mailbox, name, Role.NONE, 3, 1, 1, True, datetime.now(UTC), error)
    for entry in entries_of([row]):
        assert not FORBIDDEN.search(entry.title)


@settings(max_examples=200, deadline=None)
@given(
    st.text(alphabet=st.characters(blacklist_categories=["Cc", "Cf", "Cs"]), max_size=200), st.integers(1, 60)
)
def test_wrapping_loses_nothing_but_the_blanks_between_words(line, width):
    from app.domain.text import cell_width, clean_line

    line = clean_line(line)
    pieces = breaks(line, width)
    assert re.sub(r"\s", "", "".join(line[a:b] for a, b in pieces)) == re.sub(r"\s", "", line)
    assert all(cell_width(line[a:b]) <= max(width, 2) for a, b in pieces)


@given(st.lists(st.tuples(st.text("abcß ", max_size=20), st.integers(0, 9)), max_size=8), st.integers(4, 120))
def test_what_stands_on_a_bar_fits(items, width):
    from app.widgets.bar import _width_of

    kept = fitting([Item(text, rank=rank) for text, rank in items], width, 2)
    assert _width_of(kept, 2) <= width or all(item.rank == 0 for item in kept)


@pytest.mark.parametrize("subject", ["\x1b[2Jweg", "\u202egnp.exe", "a\x00b"])
async def test_hostile_subjects_reach_every_line_of_the_screen_cleaned(opened, monkeypatch, subject):
    plain = FakeReader.row
    monkeypatch.setattr(
        FakeReader, "row", lambda self, n: replace(plain(self, n), subject=subject, sender_name=subject)
    )
    async with opened() as seat:
        await seat.press("c")
        await seat.pilot.pause()
        strips = seat.app.screen._compositor.render_strips()
        text = "".join(strip.text for strip in strips)
        assert not FORBIDDEN.search(text)
        await seat.press("escape")

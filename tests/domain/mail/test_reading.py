"""Quotes and signatures fold away, but never what the reader came for."""

from __future__ import annotations

from app.domain.mail.reading import BlockKind, Fold, TextBlock, folds, plain_block, shown

TEXT = TextBlock(BlockKind.TEXT, "Gerne.")
SHORT = TextBlock(BlockKind.QUOTE, "Passt Freitag?", depth=1)
LONG = TextBlock(BlockKind.QUOTE, "eins\nzwei\ndrei\nvier", depth=1)
DEEP = TextBlock(BlockKind.QUOTE, "fünf", depth=2)
SIGNATURE = TextBlock(BlockKind.SIGNATURE, "Silke Berger\nVogel GmbH")


def test_long_quotes_fold_as_one_whatever_their_depth_and_signatures_on_their_own() -> None:
    assert folds([TEXT, LONG, DEEP, TEXT, SIGNATURE]) == (
        Fold(BlockKind.QUOTE, 1, 3, 5),
        Fold(BlockKind.SIGNATURE, 4, 5, 2),
    )


def test_short_quotes_stay_because_the_answer_needs_them() -> None:
    assert folds([SHORT, TEXT]) == ()


def test_a_mail_that_is_nothing_but_a_quote_stays_open() -> None:
    assert folds([LONG, SIGNATURE]) == ()
    assert folds([]) == ()


def test_a_fold_stands_where_its_blocks_stood_until_it_is_opened() -> None:
    blocks = [TEXT, LONG, DEEP, SIGNATURE]
    quote, signature = folds(blocks)
    assert shown(blocks) == [TEXT, quote, signature]
    assert shown(blocks, frozenset({quote.first})) == [TEXT, LONG, DEEP, signature]
    assert shown(blocks, frozenset({quote.first, signature.first})) == blocks


def test_blocks_go_back_into_plain_text() -> None:
    assert plain_block(DEEP) == ">> fünf"
    assert plain_block(TextBlock(BlockKind.QUOTE, "a\n\nb", depth=1)) == "> a\n>\n> b"
    assert plain_block(SIGNATURE) == "-- \nSilke Berger\nVogel GmbH"

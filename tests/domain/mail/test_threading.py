"""Threads by Message-ID, In-Reply-To and References."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.domain.mail.threading import MAX_REFERENCES, assign_threads, references_of

MESSAGES = st.lists(st.lists(st.integers(0, 12), min_size=1, max_size=4, unique=True), max_size=15)


def components(messages: list[list[int]]) -> list[set[int]]:
    """Message numbers by thread, the slow and obvious way."""
    groups: list[tuple[set[int], set[int]]] = []
    for number, references in enumerate(messages):
        mine, named = {number}, set(references)
        rest = []
        for members, known in groups:
            if known & named:
                mine |= members
                named |= known
            else:
                rest.append((members, known))
        groups = [*rest, (mine, named)]
    return sorted((members for members, _ in groups), key=min)


@given(MESSAGES, st.integers(0, 15))
def test_threads_do_not_depend_on_how_the_mail_comes_in_batches(messages: list[list[int]], cut: int) -> None:
    known: dict[int, int] = {}
    threads: dict[int, int] = {}
    for batch in (range(len(messages))[:cut], range(len(messages))[cut:]):
        named = {reference for number in batch for reference in messages[number]}
        answer = assign_threads(
            [(1000 + number, messages[number]) for number in batch],
            {reference: thread for reference, thread in known.items() if reference in named},
        )
        for old, new in answer.merges.items():
            known = {reference: new if thread == old else thread for reference, thread in known.items()}
            threads = {number: new if thread == old else thread for number, thread in threads.items()}
        known |= answer.references
        threads |= dict(zip(batch, answer.threads, strict=True))
    found: dict[int, set[int]] = {}
    for number, thread in threads.items():
        found.setdefault(thread, set()).add(number)
    assert sorted(found.values(), key=min) == components(messages)


def test_a_flood_of_references_is_cut_in_the_middle() -> None:
    flood = [f"<{number}@x.example>" for number in range(5000)]
    numbers = references_of("<own@x.example>", flood[-1], flood)
    assert len(numbers) == MAX_REFERENCES + 1
    assert numbers == references_of("<own@x.example>", flood[-1], [*flood[:10], *flood[-40:]])


def test_a_mail_that_names_nothing_is_a_thread_of_its_own() -> None:
    assert assign_threads([(5, []), (6, [])], {}).threads == [5, 6]

"""Which thread a message belongs to, by Message-ID, In-Reply-To and References (RFC 5322 section 3.6.4); pure.

A thread is named by a number. Messages that name a common Message-ID are in one thread; a message that names two
threads joins them. Subjects do not count: they join what does not belong together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b

#: References beyond these many (the first and the last ones) are passed over: RFC 5322 suggests trimming the middle.
MAX_REFERENCES = 50


@dataclass(frozen=True, slots=True)
class ThreadAnswer:
    """`threads`: the thread of each message, in the order given; `references`: new reference -> thread;
    `merges`: thread that is no more -> thread that it became."""

    threads: list[int]
    references: dict[int, int] = field(default_factory=dict)
    merges: dict[int, int] = field(default_factory=dict)


def reference_of(message_id: str) -> int:
    """A Message-ID as a signed 64-bit number, for compact look-ups."""
    return int.from_bytes(blake2b(message_id.encode("utf-8", "replace"), digest_size=8).digest(), signed=True)


def references_of(message_id: str, in_reply_to: str, references: Sequence[str]) -> list[int]:
    """The numbers of every Message-ID that a message names, its own first, each once."""
    named = list(references)
    if len(named) > MAX_REFERENCES:
        named = [*named[:10], *named[10 - MAX_REFERENCES :]]
    found = dict.fromkeys(name for name in (message_id, in_reply_to, *named) if name)
    return [reference_of(name) for name in found]


def assign_threads(messages: Sequence[tuple[int, Sequence[int]]], known: Mapping[int, int]) -> ThreadAnswer:
    """Threads for new messages, each given as (id, references). `known`: thread of references already in the store.

    A new thread takes the id of its first message; of two threads that join, the smaller number stays.
    """
    parent: dict[int, int] = {}

    def find(thread: int) -> int:
        root = thread
        while parent.get(root, root) != root:
            root = parent[root]
        while parent.get(thread, thread) != root:
            parent[thread], thread = root, parent[thread]
        return root

    seen: dict[int, int] = dict(known)
    raw: list[int] = []
    for message, references in messages:
        thread = message
        for reference in references:
            if reference in seen:
                thread = find(seen[reference])
                break
        for reference in references:
            other = find(seen.setdefault(reference, thread))
            if other != thread:
                keep, lose = min(thread, other), max(thread, other)
                parent[lose] = keep
                thread = keep
        raw.append(thread)
    old = set(known.values())
    return ThreadAnswer(
        [find(thread) for thread in raw],
        {reference: find(thread) for reference, thread in seen.items() if reference not in known},
        {thread: find(thread) for thread in old if find(thread) != thread},
    )

"""Takes a merge back, as far as that is still possible; how, is where merges are made."""

from __future__ import annotations

from app.domain.errors import NotFound, PostkorbError, Refused
from app.domain.undo import UndoMerge
from app.services.crm.merging import WentOn, take_apart
from app.services.undo.ground import Back, Ground


def take_back(ground: Ground, inverse: UndoMerge) -> Back:
    """Let what went into another record come out of it. A merge that cannot be undone any more stays, and it is said why.
    Raises NotAMember, and WentOn for one that can be undone once another one is."""
    assert ground.session is not None, "it was opened for this"
    try:
        done = take_apart(ground.session, ground.tx, inverse.step, ground.author, ground.now)
    except WentOn:
        raise
    except (Refused, NotFound) as error:
        return Back(1, 0, note=_reason(error))
    stays = len(done.stay) + done.left
    records = tuple((row.kind, row.id) for row in (done.survivor, done.row))
    return Back(1 + stays, 1, records=records, told=done.text)


def _reason(error: PostkorbError) -> str:
    return error.told_cause or error.told

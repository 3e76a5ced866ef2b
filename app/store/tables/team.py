"""Who works with this store, and the lists that a team keeps for itself."""

from __future__ import annotations

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from app.store.tables.columns import NEVER_AGAIN, big, flag, key, string


class Member(SQLModel, table=True):
    """`login` names a member wherever one is stored, and never changes. `role`: MemberRole; `addresses`: one a line."""

    __tablename__ = "member"
    id: int | None = key()
    login: str = string(unique=True)
    name: str = string()
    addresses: str = string()
    role: str = Field(default="rep", sa_column_kwargs={"server_default": "rep"})
    active: int = flag(on=True)
    created_at: int = big()
    changed_at: int = big()


class Mention(SQLModel, table=True):
    """Somebody wrote `login` into a note or a comment. `kind`: a record's, or "mail" with the id of the message. `due_on`: the
    day to which its reader put it off."""

    __tablename__ = "mention"
    __table_args__ = NEVER_AGAIN
    id: int | None = key()
    login: str = string(index=True)
    author: str = string()
    kind: str = string()
    record_id: int = big()
    text: str = string()
    due_on: str = string()
    created_at: int = big()
    done_at: int | None = big(nullable=True)


class SavedFilter(SQLModel, table=True):
    """A filter that its owner gave a name. `query`: JSON, understood by the domain of the place."""

    __tablename__ = "saved_filter"
    id: int | None = key()
    owner: str = string()
    place: str = string()
    name: str = string()
    query: str = string()
    __table_args__ = (UniqueConstraint("owner", "place", "name"),)


class PlaceLook(SQLModel, table=True):
    """How its owner has a place shown. `look`: JSON, understood by the place."""

    __tablename__ = "place_look"
    id: int | None = key()
    owner: str = string()
    place: str = string()
    look: str = string()
    __table_args__ = (UniqueConstraint("owner", "place"),)


class FinishReason(SQLModel, table=True):
    """Why a lead or an opportunity came to nothing; those that are built in are shown translated."""

    __tablename__ = "finish_reason"
    id: int | None = key()
    name: str = string(unique=True)
    position: int = big()
    needs_text: int = flag()
    active: int = flag(on=True)


class Stage(SQLModel, table=True):
    """A stage of opportunities. `outcome`: "won", "lost" or empty; `probability` in percent, of what comes here."""

    __tablename__ = "stage"
    id: int | None = key()
    name: str = string(unique=True)
    position: int = big()
    outcome: str = string()
    probability: int = big()
    active: int = flag(on=True)

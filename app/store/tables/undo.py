"""What a person did last, whatever it was about, and how it is taken back."""

from __future__ import annotations

from sqlmodel import SQLModel

from app.store.tables.columns import NEVER_AGAIN, big, key, string


class UndoStep(SQLModel, table=True):
    """One step that `u` takes back. `inverse`: a line of JSON for each part of it, understood by `services.undo` alone."""

    __tablename__ = "undo_step"
    __table_args__ = NEVER_AGAIN
    id: int | None = key()
    author: str = string(index=True)
    title: str = string()
    inverse: str = string()
    created_at: int = big()

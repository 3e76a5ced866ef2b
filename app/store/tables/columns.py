"""Short makers for the column kinds that the tables share."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, Column, ForeignKey, Integer, LargeBinary, SmallInteger, Text
from sqlmodel import Field

#: SQLite counts rows itself only for a column that is exactly INTEGER.
SERIAL = BigInteger().with_variant(Integer(), "sqlite")

#: Ids that rows elsewhere may still name after the row is gone (operations, steps to take back, links): never given anew.
NEVER_AGAIN = {"sqlite_autoincrement": True}

#: Text whose index is walked by prefix: ordered by code points in every dialect.
WORD = Text().with_variant(Text(collation="C"), "postgresql")


def key() -> Any:
    """A primary key that the database counts up."""
    return Field(default=None, sa_column=Column(SERIAL, primary_key=True, autoincrement=True))


def reference(target: str, *, primary_key: bool = False, nullable: bool = False, index: bool = False) -> Any:
    """A foreign key that goes when its target goes; a nullable one is emptied instead."""
    rule = "SET NULL" if nullable else "CASCADE"
    column: Column[int] = Column(
        SERIAL if primary_key else BigInteger,
        ForeignKey(target, ondelete=rule),
        primary_key=primary_key,
        nullable=nullable,
        index=index,
        autoincrement=False,
    )
    return Field(default=None, sa_column=column)


def big(*, nullable: bool = False, index: bool = False, default: int | None = 0) -> Any:
    """A 64-bit integer: a count, a time in epoch seconds, a modification sequence."""
    server = None if default is None or nullable else str(default)
    column: Column[int] = Column(BigInteger, nullable=nullable, index=index, server_default=server)
    return Field(default=None if nullable else default, sa_column=column)


def flag(*, on: bool = False) -> Any:
    """0 or 1."""
    return Field(default=int(on), sa_column=Column(SmallInteger, nullable=False, server_default=str(int(on))))


def string(*, index: bool = False, unique: bool = False) -> Any:
    column: Column[str] = Column(Text, nullable=False, server_default="", index=index, unique=unique)
    return Field(default="", sa_column=column)


def blob(*, nullable: bool = False, unique: bool = False) -> Any:
    return Field(default=b"", sa_column=Column(LargeBinary, nullable=nullable, unique=unique))

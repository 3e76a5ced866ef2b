"""Every table that refers to a record is in the one list of them."""

from __future__ import annotations

from sqlalchemy import PrimaryKeyConstraint, UniqueConstraint
from sqlmodel import SQLModel

from app.domain.crm.kinds import Kind
from app.store import tables  # noqa: F401 - so that the metadata knows them
from app.store.crm.references import BELONGING, HANGING, PARTS, STEPS


def foreign_keys(kind: Kind) -> set[tuple[str, str]]:
    return {
        (table.name, key.parent.name)
        for table in SQLModel.metadata.tables.values()
        for key in table.foreign_keys
        if key.column.table.name == kind.value
    }


def test_every_foreign_key_to_a_record_is_listed() -> None:
    for kind in Kind:
        listed = {(each.table, each.column) for each in (*BELONGING[kind], *PARTS.get(kind, ()))}
        assert listed == foreign_keys(kind)


def test_every_table_that_names_a_record_by_kind_and_number_is_listed() -> None:
    naming = {
        table.name
        for table in SQLModel.metadata.tables.values()
        if "kind" in table.columns and any(column.name.endswith("_id") for column in table.columns)
        if table.name not in {kind.value for kind in Kind}
    }
    # Neither an operation on a server nor a mail on its way out has to do with a record.
    assert naming - {"operation", "outbox"} == {*(each.table for each in HANGING), *STEPS}


def test_what_is_listed_is_there() -> None:
    for each in (*HANGING, *(each for some in (*BELONGING.values(), *PARTS.values()) for each in some)):
        columns = SQLModel.metadata.tables[each.table].columns
        assert each.column in columns
        assert not each.kind_column or each.kind_column in columns
        if each in HANGING:
            assert {each.key, each.once or each.key} <= {column.name for column in columns}


def test_what_may_refer_to_a_record_only_once_is_known_to_do_so() -> None:
    for each in HANGING:
        table = SQLModel.metadata.tables[each.table]
        unique = {
            frozenset(column.name for column in constraint.columns)
            for constraint in table.constraints
            if isinstance(constraint, (PrimaryKeyConstraint, UniqueConstraint))
        }
        assert any({each.column, each.kind_column} < some for some in unique) == bool(each.once)

"""Runs the migrations on the engine that `schema.bring_up_to_date` hands over, in one transaction."""

from alembic import context
from sqlmodel import SQLModel

import app.store.tables  # noqa: F401 - fills the metadata

#: Made with plain SQL by the migrations.
NOT_OURS = ("message_fts", "message_search", "store_version", "lead_list")


def include(_item: object, name: str | None, kind: str, _reflected: bool, _other: object) -> bool:
    return not (kind in ("table", "index") and name is not None and name.startswith(NOT_OURS))


engine = context.config.attributes["engine"]
with engine.connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=SQLModel.metadata,
        render_as_batch=True,
        include_object=include,
    )
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()

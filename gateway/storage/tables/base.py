"""What every table is made of: the metadata, and columns that start with the merchant."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Column, DateTime, ForeignKeyConstraint, MetaData, Uuid

metadata = MetaData(
    naming_convention={
        "pk": "%(table_name)s_pkey",
        "fk": "%(table_name)s_%(column_0_N_name)s_fkey",
        "uq": "%(table_name)s_%(column_0_N_name)s_key",
        "ck": "%(table_name)s_%(constraint_name)s_check",
        "ix": "%(table_name)s_%(column_0_N_name)s_index",
    }
)


def merchant_column() -> Column[UUID]:
    """Return the first column of every tenant table's primary key."""
    return Column("merchant_id", Uuid, primary_key=True)


def id_column(name: str = "id") -> Column[UUID]:
    """Return a UUIDv7 that is unique within the merchant."""
    return Column(name, Uuid, primary_key=True)


def moment(name: str, *, nullable: bool = False, **options: Any) -> Column[datetime]:  # noqa: ANN401 -- SQLAlchemy's own options
    """Return a point in time."""
    return Column(name, DateTime(timezone=True), nullable=nullable, **options)


def belongs_to(table: str, column: str, *, key: str = "id") -> ForeignKeyConstraint:
    """Return a reference that cannot leave the merchant: a foreign key of both columns."""
    return ForeignKeyConstraint(
        ["merchant_id", column], [f"{table}.merchant_id", f"{table}.{key}"]
    )


def belongs_to_merchant() -> ForeignKeyConstraint:
    """Return the reference of every table whose rows hang on the merchant alone."""
    return ForeignKeyConstraint(["merchant_id"], ["merchants.id"])

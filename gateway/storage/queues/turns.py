"""Whose turn it is: merchants with something waiting, found by leaping through an index."""

from typing import Any
from uuid import UUID

from sqlalchemy import Column, ColumnElement, Select, select

TURN_MERCHANTS_MAX = 100
FIRST = UUID(int=0)
"""Before every merchant."""


def merchants_waiting(
    merchant: Column[Any], waiting: ColumnElement[bool], after: UUID
) -> Select[tuple[UUID]]:
    """Return the query for the next `TURN_MERCHANTS_MAX` merchants that have rows `waiting`.

    One index probe per merchant however many rows each has, so that a merchant with a hundred
    thousand rows costs the others nothing. Whoever asks next goes on `after` the last one.
    https://wiki.postgresql.org/wiki/Loose_indexscan
    """
    turns = select(_next(merchant, waiting, merchant > after).label("merchant_id")).cte(
        "turns", recursive=True
    )
    following = _next(merchant, waiting, merchant > turns.c.merchant_id)
    turns = turns.union_all(select(following).where(turns.c.merchant_id.is_not(None)))
    return (
        select(turns.c.merchant_id)
        .where(turns.c.merchant_id.is_not(None))
        .limit(TURN_MERCHANTS_MAX)
    )


def _next(
    merchant: Column[Any], waiting: ColumnElement[bool], further: ColumnElement[bool]
) -> Any:  # noqa: ANN401 -- SQLAlchemy has no public name for a scalar subquery of a column
    query = select(merchant).where(waiting, further).order_by(merchant).limit(1)
    return query.correlate_except(merchant.table).scalar_subquery()

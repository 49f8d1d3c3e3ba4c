"""One of many ids: asked as one array, so that the statement stays the same for any number."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Uuid, any_, literal


def among(column: ColumnElement[Any], ids: Iterable[UUID]) -> ColumnElement[bool]:
    """Return whether a column holds one of these ids.

    `IN` writes a parameter for each, and the driver would prepare a statement for every number
    of them: a tenth of what a worker does in a campaign.
    """
    return column == any_(literal(list(set(ids)), ARRAY(Uuid)))

"""The state of a thing that a form was made from, so that nobody overwrites a change unseen."""

from collections.abc import Mapping

REVISION_DIGITS_MAX = 9
UNREADABLE = -1
"""Nothing was ever at this revision: a change that is based on it comes too late."""


def revision_of(fields: Mapping[str, str]) -> int:
    """Return the revision a form was about, or `UNREADABLE`."""
    text = fields.get("revision", "")
    is_number = text.isascii() and text.isdecimal() and len(text) <= REVISION_DIGITS_MAX
    return int(text) if is_number else UNREADABLE

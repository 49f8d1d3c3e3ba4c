"""The names inside a plan: keys of its parts, categories of goods, and units of the ledger."""

from typing import Annotated

from gateway.domain.configurations.limits import Note, Pattern

POINT = "point"
STAMP = "stamp"
REMAINDER_PREFIX = "remainder:"
VOUCHER_PREFIX = "voucher:"
KEY_EXPRESSION = r"[a-z][a-z0-9_]{0,19}"

Key = Annotated[
    str,
    Pattern(
        KEY_EXPRESSION,
        "A key is 1 to 20 of a to z, 0 to 9 and _, and begins with a letter.",
    ),
    Note("Unique in the plan, and kept from version to version."),
]
Category = Annotated[
    str,
    Pattern(
        r"[a-z0-9][a-z0-9 _./-]{0,39}", "A category is 1 to 40 of a to z, 0 to 9, space and _./-"
    ),
]


def voucher(key: str) -> str:
    """Return the unit in which a rule's reward is kept that costs no points or stamps."""
    return VOUCHER_PREFIX + key


def remainder(key: str) -> str:
    """Return the unit in which what was too little for the next stamp is kept."""
    return REMAINDER_PREFIX + key

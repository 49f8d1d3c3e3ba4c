"""What a program comes to at a glance, each number with how it is computed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

ACTIVE_DAYS = 30

FORMULAS: Mapping[str, str] = {
    "members": "cards of the program, blocked ones too, that were not merged into another",
    "active_members": (
        "members with an earning that was not undone on a business day from active_since on, "
        "or with a redemption since that day began at the merchant's first location"
    ),
    "redemptions": "rewards handed out since the program began, less those taken back",
    "active_since": f"the first of the last {ACTIVE_DAYS} business days, of which today is one",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgramActivity:
    """A program's figures, computed by `FORMULAS`."""

    members: int
    active_members: int
    redemptions: int
    active_since: date


def active_since(today: date) -> date:
    """Return the first of the business days in which who comes is active."""
    return today - timedelta(days=ACTIVE_DAYS - 1)

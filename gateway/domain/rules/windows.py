"""Calendar periods and rolling windows of business days."""

from enum import StrEnum


class Period(StrEnum):
    """How long something counts before it begins at zero again."""

    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    YEARLY = "yearly"
    LIFETIME = "lifetime"

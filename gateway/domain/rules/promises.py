"""A promise: what a customer gets once a rule's goal is reached."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, ClassVar

from gateway.domain.configurations.limits import Between, Characters, Note, Places, Positive

DESCRIPTION_CHARACTERS_MAX = 60
MINOR_UNITS_MAX = 10**9

Description = Annotated[
    str,
    Characters(DESCRIPTION_CHARACTERS_MAX),
    Note("What the customer reads, like A free coffee."),
]
Money = Annotated[
    int,
    Positive(MINOR_UNITS_MAX, "An amount must be greater than 0 and in the smallest coin."),
    Note("In minor units of the plan's currency: 350 is 3.50."),
]
Percent = Annotated[
    Decimal,
    Places(2),
    Between(Decimal("0.01"), Decimal(100), "A percentage is above 0 and at most 100."),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class FreeItem:
    """Something for nothing; `item` is the shop's own name or number of it."""

    kind: ClassVar[str] = "free_item"

    description: Description
    item: Annotated[str, Characters(60)] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PercentOff:
    """A share off a purchase."""

    kind: ClassVar[str] = "discount_percent"

    description: Description
    percent: Percent


@dataclass(frozen=True, slots=True, kw_only=True)
class AmountOff:
    """An amount off a purchase."""

    kind: ClassVar[str] = "discount"

    description: Description
    amount: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Credit:
    """An amount to spend at the shop."""

    kind: ClassVar[str] = "credit"

    description: Description
    amount: Money


Promise = FreeItem | PercentOff | AmountOff | Credit

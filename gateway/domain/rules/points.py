"""Points per amount spent."""

from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, ClassVar

from gateway.domain.configurations.limits import Between, Items, Note, Places, Positive
from gateway.domain.money import exponent
from gateway.domain.rules.keys import POINT, Category, Key
from gateway.domain.rules.promises import MINOR_UNITS_MAX
from gateway.domain.rules.qualifying import Counted

POINTS_PER_DOLLAR_MAX = Decimal(10_000)
MULTIPLIER_MAX = Decimal(100)

MinimumPurchase = Annotated[
    int,
    Positive(MINOR_UNITS_MAX, "Minimum purchase amount must be greater than $0"),
    Note("In minor units of the plan's currency: 350 is 3.50."),
]
Multiplier = Annotated[
    Decimal, Places(4), Between(Decimal(0), MULTIPLIER_MAX, "A multiplier is between 0 and 100.")
]


@dataclass(frozen=True, slots=True, kw_only=True)
class PointsRule:
    """So many points for each whole unit of money; categories may count more, less or not."""

    kind: ClassVar[str] = "points_based"
    unit: ClassVar[str] = POINT

    key: Key = "points"
    points_per_dollar: Annotated[
        Decimal,
        Places(4),
        Positive(POINTS_PER_DOLLAR_MAX, "Points per dollar must be a positive number"),
        Note("Points for one whole unit of the plan's currency."),
    ]
    minimum_purchase_amount: MinimumPurchase | None = None
    category_multipliers: Annotated[dict[Category, Multiplier], Items(0, 50)] = field(
        default_factory=dict
    )
    category_filter: Category | None = None
    redemption_rate: Annotated[
        int,
        Between(1, 1_000_000, "The redemption rate is between 1 and 1,000,000 points."),
        Note("How many points are worth one whole unit of the plan's currency."),
    ] = 100
    expiration_months: (
        Annotated[int, Between(1, 120, "Points expire after 1 to 120 months.")] | None
    ) = None


def points_worth(rule: PointsRule, lines: tuple[Counted, ...], currency: str) -> Fraction:
    """Return the points that lines are worth, exact, before any multiplier but their category's.

    No money is rounded to whole units first: three times 4.99 at 1 point are 14.97 points.
    """
    times = rule.category_multipliers
    weighed = Fraction(0)
    for line in lines:
        weighed += line.amount * Fraction(times.get(line.category or "", Decimal(1)))
    return weighed * Fraction(rule.points_per_dollar) / Fraction(10 ** exponent(currency))

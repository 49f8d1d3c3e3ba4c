"""Amount spent: a reward each time a customer's spending in a period passes a threshold."""

from dataclasses import dataclass
from typing import Annotated, ClassVar

from gateway.domain.configurations.limits import Note, Positive
from gateway.domain.rules.keys import Category, Key, voucher
from gateway.domain.rules.promises import MINOR_UNITS_MAX, Promise
from gateway.domain.rules.windows import Period


@dataclass(frozen=True, slots=True, kw_only=True)
class SpendingRule:
    """A reward for each `threshold_amount` spent within a period, which then begins at zero."""

    kind: ClassVar[str] = "amount_spent"

    key: Key = "spending"
    threshold_amount: Annotated[
        int,
        Positive(MINOR_UNITS_MAX, "Threshold amount must be greater than $0"),
        Note("In minor units of the plan's currency."),
    ]
    reward: Promise
    reset_period: Period = Period.LIFETIME
    category_filter: Category | None = None
    repeats: Annotated[
        bool, Note("Give the reward for each further threshold in the period too.")
    ] = True

    @property
    def unit(self) -> str:
        """The unit its rewards are kept in."""
        return voucher(self.key)

"""Visit frequency: a reward for coming often, or period after period."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, ClassVar

from gateway.domain.configurations.limits import Between, Note
from gateway.domain.rules.keys import Key, voucher
from gateway.domain.rules.promises import Promise


class Beat(StrEnum):
    """The periods of which each must have a visit."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitRule:
    """A reward for visits on so many business days.

    Otherwise than `consecutive_required`, any `visits_required` days within `within_days`, each
    counted for one reward. With it, a visit in each of `visits_required` periods in a row, and
    `within_days` is not looked at.
    """

    kind: ClassVar[str] = "visit_frequency"

    key: Key = "visits"
    visits_required: Annotated[int, Between(2, 365, "Visits required must be between 2 and 365")]
    within_days: Annotated[int, Between(1, 366, "Within days must be between 1 and 366")] = 30
    consecutive_required: bool = False
    period: Annotated[Beat, Note("With consecutive_required: what must follow each other.")] = (
        Beat.DAY
    )
    reward: Promise

    @property
    def unit(self) -> str:
        """The unit its rewards are kept in."""
        return voucher(self.key)

"""Promotions: more than usual for a while."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Annotated, ClassVar

from gateway.domain.configurations.limits import Between, Characters, Note, Places, Positive
from gateway.domain.rules.caps import CAP_MAX
from gateway.domain.rules.keys import Category, Key
from gateway.domain.rules.points import MULTIPLIER_MAX
from gateway.domain.rules.qualifying import Counted, of_category
from gateway.domain.rules.schedules import ALWAYS, Schedule
from gateway.domain.segments import Segment


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """What the rule gives, times this."""

    kind: ClassVar[str] = "multiplier"

    times: Annotated[
        Decimal,
        Places(4),
        Between(Decimal(1), MULTIPLIER_MAX, "A promotion multiplies by 1 to 100."),
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bonus:
    """So much on top, once per purchase that earns something of the rule."""

    kind: ClassVar[str] = "bonus"

    amount: Annotated[int, Positive(CAP_MAX, "A bonus must be greater than 0")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Promotion:
    """More of what one rule gives, within a window of time; of several, the newest last holds."""

    key: Key
    name: Annotated[str, Characters(60)]
    rule: Annotated[Key, Note("The rule whose giving is raised: points or stamps.")]
    effect: Times | Bonus
    starts_at: datetime
    ends_at: datetime
    schedule: Schedule = ALWAYS
    category_filter: Category | None = None
    audience: Segment | None = None


def applying(
    promotions: Iterable[Promotion],
    holding: tuple[str, ...],
    rule: str,
    lines: tuple[Counted, ...],
) -> Promotion | None:
    """Return the promotion that raises what a rule gives for lines, or None.

    `holding` are the keys of those that hold, newest first; one for a category applies only when
    something of it was bought.
    """
    by_key = {each.key: each for each in promotions if each.rule == rule}
    fitting = (
        by_key[key]
        for key in holding
        if key in by_key
        and (
            by_key[key].category_filter is None or of_category(lines, by_key[key].category_filter)
        )
    )
    return next(fitting, None)

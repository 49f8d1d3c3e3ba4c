"""Makers of what rules look back on: a card's days, and what it remembers."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from uuid import UUID

from gateway.domain.cards import Standing, Totals
from gateway.domain.programs import ProgramStatus
from gateway.domain.rules.outcomes import Day, RuleMemory
from gateway.domain.rules.promises import FreeItem

COFFEE = FreeItem(description="A free coffee")
NOBODY = UUID(int=1)


def a_card(
    *,
    days: Iterable[Day] = (),
    totals: Totals | None = None,
    memory: dict[str, RuleMemory] | None = None,
    tier: str | None = None,
    tier_since: datetime | None = None,
) -> Standing:
    """Return a card with these days; unless said otherwise, its life is their sum."""
    known = tuple(sorted(days, key=lambda day: day.day))
    return Standing(
        card_id=NOBODY,
        program_id=NOBODY,
        program_version_id=NOBODY,
        program_status=ProgramStatus.ACTIVE,
        version=1,
        opened_at=datetime(2020, 1, 1, tzinfo=UTC),
        days=known,
        totals=totals or _totals(known),
        memory=memory or {},
        tier=tier,
        tier_since=tier_since,
    )


def visits(*days: date) -> list[Day]:
    """Return days with a visit each."""
    return [Day(day=day, visits=1, earnings=1) for day in days]


def spending(amounts: dict[date, int]) -> list[Day]:
    """Return days on which so much was spent, in minor units."""
    return [Day(day=day, visits=1, earnings=1, spent=amount) for day, amount in amounts.items()]


def _totals(days: tuple[Day, ...]) -> Totals:
    return Totals(
        visits=sum(day.visits for day in days),
        spent=sum(day.spent for day in days),
        points=sum(day.points for day in days),
    )

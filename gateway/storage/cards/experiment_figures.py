"""How the cards of each variant of an experiment did."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import CTE, and_, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from gateway.domain.business_day import BusinessClock, business_day
from gateway.domain.redemptions import RedemptionStatus
from gateway.storage.cards.experiments import Trial, tie_name
from gateway.storage.tables import card_days, cards, redemptions


@dataclass(frozen=True, slots=True, kw_only=True)
class VariantFigures:
    """How the cards of a variant did since the experiment began; `spent` in minor units."""

    members: int = 0
    active: int = 0
    visits: int = 0
    spent: int = 0
    points: int = 0
    redeemed: int = 0


class ExperimentFigures:
    """The figures of the merchant's experiments."""

    def __init__(self, connection: AsyncConnection, merchant_id: UUID) -> None:
        """Read for one merchant."""
        self._connection = connection
        self._merchant_id = merchant_id

    async def of(self, trial: Trial, clock: BusinessClock) -> dict[str, VariantFigures]:
        """Return how each variant's cards did from the start of an experiment to its end.

        By the variant's key; `HELD_OUT` is the hold-out. Cards that a later experiment took over
        are no longer in it. `clock` says on which business days it began and ended.
        """
        members, taken = self._members(trial), self._taken(trial)
        days = self._days(trial, clock)
        found = await self._connection.execute(
            select(
                members.c.variant,
                func.count().label("members"),
                func.count().filter(days.c.visits > 0).label("active"),
                func.coalesce(func.sum(days.c.visits), 0).label("visits"),
                func.coalesce(func.sum(days.c.spent), 0).label("spent"),
                func.coalesce(func.sum(days.c.points), 0).label("points"),
                func.coalesce(func.sum(taken.c.redeemed), 0).label("redeemed"),
            )
            .join_from(members, days, days.c.card_id == members.c.id, isouter=True)
            .join(taken, taken.c.card_id == members.c.id, isouter=True)
            .group_by(members.c.variant)
        )
        return {
            row.variant: VariantFigures(
                members=row.members,
                active=row.active,
                visits=int(row.visits),
                spent=int(row.spent),
                points=int(row.points),
                redeemed=int(row.redeemed),
            )
            for row in found
        }

    def _members(self, trial: Trial) -> CTE:
        """Find the cards in it, each with the key of its variant."""
        prefix = tie_name(trial.experiment, "")
        return (
            select(cards.c.id, func.substr(cards.c.variant, len(prefix) + 1).label("variant"))
            .where(
                cards.c.merchant_id == self._merchant_id,
                cards.c.program_id == trial.program_id,
                cards.c.variant.startswith(prefix, autoescape=True),
            )
            .cte("members")
        )

    def _days(self, trial: Trial, clock: BusinessClock) -> CTE:
        """Sum what each card did from the day on which the experiment began."""
        assert trial.started_at is not None, "only what began has figures"
        within = [card_days.c.day >= business_day(trial.started_at, clock)]
        if trial.ended_at is not None:
            within.append(card_days.c.day <= business_day(trial.ended_at, clock))
        return (
            select(
                card_days.c.card_id,
                func.sum(card_days.c.visits).label("visits"),
                func.sum(card_days.c.spent).label("spent"),
                func.sum(card_days.c.points).label("points"),
            )
            .join_from(
                card_days,
                cards,
                and_(
                    cards.c.merchant_id == card_days.c.merchant_id,
                    cards.c.id == card_days.c.card_id,
                ),
            )
            .where(
                card_days.c.merchant_id == self._merchant_id,
                cards.c.program_id == trial.program_id,
                *within,
            )
            .group_by(card_days.c.card_id)
            .cte("days")
        )

    def _taken(self, trial: Trial) -> CTE:
        """Count what each card was handed out while the experiment ran."""
        within = [redemptions.c.ended_at >= trial.started_at]
        if trial.ended_at is not None:
            within.append(redemptions.c.ended_at <= trial.ended_at)
        return (
            select(redemptions.c.card_id, func.count().label("redeemed"))
            .where(
                redemptions.c.merchant_id == self._merchant_id,
                redemptions.c.status == RedemptionStatus.REDEEMED,
                *within,
            )
            .group_by(redemptions.c.card_id)
            .cte("taken")
        )

"""Experiments on programs: what is compared, which cards are tied to what, and how they fare."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Row, Text, Uuid, and_, func, literal, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from gateway.domain.errors import ChangedMeanwhile, NotFound
from gateway.domain.experiments import Experiment, Variant
from gateway.domain.redemptions import RedemptionStatus
from gateway.storage.among import among
from gateway.storage.tables import card_days, cards, experiments, redemptions

EXPERIMENTS_MAX = 100
HELD_OUT = ""
"""The variant of a card that is compared with: no key of a variant is empty."""


class ExperimentStatus(StrEnum):
    """Where an experiment stands."""

    DRAFT = "draft"
    RUNNING = "running"
    ENDED = "ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """An experiment on a program; `versions` says what each variant's cards are promised."""

    experiment: Experiment
    program_id: UUID
    versions: Mapping[str, UUID]
    status: ExperimentStatus
    revision: int
    started_at: datetime | None = None
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class VariantFigures:
    """How the cards of a variant did since the experiment began; `spent` in minor units."""

    members: int = 0
    active: int = 0
    visits: int = 0
    spent: int = 0
    points: int = 0
    redeemed: int = 0


class Experiments:
    """The merchant's experiments, and the cards in them."""

    def __init__(self, connection: AsyncConnection, merchant_id: UUID) -> None:
        """Read and write for one merchant."""
        self._connection = connection
        self._merchant_id = merchant_id

    async def add(self, trial: Trial, now: datetime) -> bool:
        """Keep a new experiment; return False when the program had one with this key."""
        experiment = trial.experiment
        added = await self._connection.execute(
            insert(experiments)
            .values(
                merchant_id=self._merchant_id,
                id=experiment.id,
                program_id=trial.program_id,
                key=experiment.key,
                name=experiment.name,
                status=trial.status,
                revision=trial.revision,
                hold_out=experiment.hold_out,
                variants=[
                    {"key": each.key, "weight": each.weight, "version_id": str(version_id)}
                    for each in experiment.variants
                    for version_id in (trial.versions[each.key],)
                ],
                created_at=now,
            )
            .on_conflict_do_nothing(index_elements=["merchant_id", "program_id", "key"])
        )
        return bool(added.rowcount)

    async def change(self, trial: Trial, *, revision: int) -> None:
        """Write an experiment's status, if it is at `revision`; raises `ChangedMeanwhile`."""
        changed = await self._connection.execute(
            update(experiments)
            .where(
                experiments.c.merchant_id == self._merchant_id,
                experiments.c.id == trial.experiment.id,
                experiments.c.revision == revision,
            )
            .values(
                status=trial.status,
                revision=trial.revision,
                started_at=trial.started_at,
                ended_at=trial.ended_at,
            )
        )
        if not changed.rowcount:
            raise ChangedMeanwhile

    async def of_program(self, program_id: UUID) -> list[Trial]:
        """Return a program's experiments, newest first; at most `EXPERIMENTS_MAX`."""
        found = await self._connection.execute(
            select(experiments)
            .where(
                experiments.c.merchant_id == self._merchant_id,
                experiments.c.program_id == program_id,
            )
            .order_by(experiments.c.created_at.desc(), experiments.c.id)
            .limit(EXPERIMENTS_MAX)
        )
        return [_trial(row) for row in found]

    async def one(self, program_id: UUID, experiment_id: UUID) -> Trial:
        """Return an experiment of a program; raises `NotFound`."""
        found = await self._connection.execute(
            select(experiments).where(
                experiments.c.merchant_id == self._merchant_id,
                experiments.c.program_id == program_id,
                experiments.c.id == experiment_id,
            )
        )
        row = found.first()
        if row is None:
            raise NotFound("This experiment does not exist.")
        return _trial(row)

    async def running(self, program_id: UUID) -> Trial | None:
        """Return the experiment that runs, which then cannot end before this unit does."""
        found = await self._connection.execute(
            select(experiments)
            .where(
                experiments.c.merchant_id == self._merchant_id,
                experiments.c.program_id == program_id,
                experiments.c.status == ExperimentStatus.RUNNING,
            )
            .with_for_update(read=True)
        )
        row = found.first()
        return None if row is None else _trial(row)

    async def tie(self, ties: Sequence[tuple[UUID, str, UUID | None]]) -> None:
        """Tie cards to their variant and its version; without a version it is the program's."""
        card_ids, names, version_ids = zip(*ties, strict=True)
        tied = (
            func.unnest(
                literal(list(card_ids), ARRAY(Uuid)),
                literal(list(names), ARRAY(Text)),
                literal(list(version_ids), ARRAY(Uuid)),
            )
            .table_valued("card_id", "variant", "version_id")
            .render_derived()
        )
        await self._connection.execute(
            update(cards)
            .where(cards.c.merchant_id == self._merchant_id, cards.c.id == tied.c.card_id)
            .values(variant=tied.c.variant, variant_version_id=tied.c.version_id)
        )

    async def untie(self, card_ids: Sequence[UUID]) -> None:
        """Give cards what their program promises everybody; their variant is remembered."""
        await self._connection.execute(
            update(cards)
            .where(
                cards.c.merchant_id == self._merchant_id,
                among(cards.c.id, card_ids),
                cards.c.variant_version_id.is_not(None),
            )
            .values(variant_version_id=None)
        )

    async def figures(self, trial: Trial) -> dict[str, VariantFigures]:
        """Return how each variant's cards did from the start of an experiment to its end.

        By the variant's key; `HELD_OUT` is the hold-out. Cards that a later experiment took over
        are no longer in it.
        """
        assert trial.started_at is not None, "only what began has figures"
        prefix = tie_name(trial.experiment, "")
        members = (
            select(cards.c.id, func.substr(cards.c.variant, len(prefix) + 1).label("variant"))
            .where(
                cards.c.merchant_id == self._merchant_id,
                cards.c.program_id == trial.program_id,
                cards.c.variant.startswith(prefix, autoescape=True),
            )
            .cte("members")
        )
        days = self._days(trial).cte("days")
        taken = self._taken(trial).cte("taken")
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

    def _days(self, trial: Trial) -> Any:  # noqa: ANN401 -- a query of four sums
        """Sum what each card did from the day on which the experiment began."""
        assert trial.started_at is not None, "only what began has figures"
        within = [card_days.c.day >= trial.started_at.date()]
        if trial.ended_at is not None:
            within.append(card_days.c.day <= trial.ended_at.date())
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
        )

    def _taken(self, trial: Trial) -> Any:  # noqa: ANN401 -- a query of one count
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
        )


def tie_name(experiment: Experiment, variant: str) -> str:
    """Return what a card says it is tied to: no other experiment of the program has the same."""
    return f"{experiment.key}:{variant}"


def _trial(row: Row[Any]) -> Trial:
    return Trial(
        experiment=Experiment(
            id=row.id,
            key=row.key,
            name=row.name,
            variants=tuple(
                Variant(key=each["key"], weight=each["weight"]) for each in row.variants
            ),
            hold_out=row.hold_out,
        ),
        program_id=row.program_id,
        versions={each["key"]: UUID(each["version_id"]) for each in row.variants},
        status=ExperimentStatus(row.status),
        revision=row.revision,
        started_at=row.started_at,
        ended_at=row.ended_at,
    )

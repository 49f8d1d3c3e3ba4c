"""Experiments on programs: what is compared, and which cards are tied to what."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Row, Select, Text, Uuid, func, literal, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from gateway.domain.errors import ChangedMeanwhile, NotFound
from gateway.domain.experiments import Experiment, Variant
from gateway.storage.among import among
from gateway.storage.tables import cards, experiments

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
        """Write an experiment's status, if it is at `revision`; raises `ChangedMeanwhile`.

        So it does when another one of the program began at the same moment.
        """
        statement = (
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
        try:
            changed = await self._connection.execute(statement)
        except IntegrityError:
            # A program has one that runs; nothing else here can be taken.
            raise ChangedMeanwhile from None
        if not changed.rowcount:
            raise ChangedMeanwhile

    async def of_program(self, program_id: UUID) -> list[Trial]:
        """Return a program's experiments, newest first; at most `EXPERIMENTS_MAX`."""
        found = await self._connection.execute(
            self._of(program_id)
            .order_by(experiments.c.created_at.desc(), experiments.c.id)
            .limit(EXPERIMENTS_MAX)
        )
        return [_trial(row) for row in found]

    async def one(self, program_id: UUID, experiment_id: UUID) -> Trial:
        """Return an experiment of a program; raises `NotFound`."""
        found = await self._connection.execute(
            self._of(program_id).where(experiments.c.id == experiment_id)
        )
        row = found.first()
        if row is None:
            raise NotFound("This experiment does not exist.")
        return _trial(row)

    async def running(self, program_id: UUID) -> Trial | None:
        """Return the experiment that runs, which then cannot end before this unit does."""
        found = await self._connection.execute(
            self._of(program_id)
            .where(experiments.c.status == ExperimentStatus.RUNNING)
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

    def _of(self, program_id: UUID) -> Select[Any]:
        return select(experiments).where(
            experiments.c.merchant_id == self._merchant_id,
            experiments.c.program_id == program_id,
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

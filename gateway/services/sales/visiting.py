"""Visiting: a visit that a till tells of, maybe days later, judged by when it happened."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from gateway.domain.business_day import BusinessClock, business_day
from gateway.domain.cards import Standing
from gateway.domain.earning.evaluation import evaluate
from gateway.domain.errors import AlreadyRecorded
from gateway.domain.rules.happenings import Happening
from gateway.domain.sales import ONLINE_HOURS_MAX, happened_at
from gateway.presenters.answers import body_of
from gateway.services.cards.commands import Answer, Command
from gateway.services.cards.earning import Earning, decision_of, facts_of, stamped
from gateway.services.cards.posting import Decision, carry_out
from gateway.services.sales.histories import standing_then, version_of, with_history
from gateway.storage.cards.postings import Reading
from gateway.storage.unit import Unit, Units


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordVisit(Command):
    """A customer was at a location; `reference` names the visit at the till for ever.

    `occurred_at`, `synced_at` and `age_max` are those of `RecordSale`.
    """

    follows = True

    reference: str
    location_id: UUID
    clock: BusinessClock
    occurred_at: datetime | None = None
    synced_at: datetime | None = None
    age_max: timedelta = timedelta(hours=ONLINE_HOURS_MAX)


async def record_visit(units: Units, command: RecordVisit, new_id: Callable[[], UUID]) -> Answer:
    """Record a visit, by the program version of the business day on which it happened.

    The answer may be a refusal of the rules, `already_recorded`, `too_long_ago` or
    `in_the_future`. Raises `NotFound` for an unknown card.
    """

    async def decide(unit: Unit, reading: Reading, standing: Standing) -> Decision:
        first = await unit.sales.told(command.origin.source, command.reference)
        if isinstance(first, UUID):
            raise AlreadyRecorded(transaction_id=str(first))
        if first is not None:
            raise AlreadyRecorded(sale_id=str(first.id))
        moment = happened_at(
            command.occurred_at,
            reading.now,
            age_max=command.age_max,
            synced_at=command.synced_at,
        )
        version = await version_of(unit, standing, moment, reading.now)
        day = business_day(moment, command.clock)
        then = await with_history(unit, standing, version, day, reading.now)
        then = await standing_then(unit, then, version, moment)
        happening = Happening(clock=command.clock, location_id=command.location_id)
        outcome = evaluate(version, then, happening, moment)
        if outcome.refusal is not None:
            raise outcome.refusal
        earning = Earning(
            standing=replace(standing, program_version_id=version.id),
            version=version,
            outcome=outcome,
            transaction_id=new_id(),
            location_id=command.location_id,
            now=reading.now,
        )
        return _decision(earning, command, moment)

    try:
        return await carry_out(units, command, decide)
    except AlreadyRecorded:
        # Somebody was faster by a moment; by now it is known whose transaction that was.
        return await carry_out(units, command, decide)


def _decision(earning: Earning, command: RecordVisit, moment: datetime) -> Decision:
    return replace(
        decision_of(earning),
        facts=tuple(facts_of(earning)),
        body=body_of(stamped(earning, moment)),
        happened_at=moment,
        source_event_id=command.reference,
    )

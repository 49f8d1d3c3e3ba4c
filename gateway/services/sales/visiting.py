"""Visiting: a visit that a till tells of, maybe days later, judged by when it happened."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from gateway.domain.cards import Standing
from gateway.domain.errors import AlreadyRecorded
from gateway.presenters.answers import body_of
from gateway.services.cards.commands import Answer
from gateway.services.cards.earning import Earning, decision_of, facts_of, stamped
from gateway.services.cards.posting import Decision, carry_out
from gateway.services.sales.judging import Telling, judge
from gateway.storage.cards.postings import Reading
from gateway.storage.unit import Unit, Units


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordVisit(Telling):
    """A customer was at a location; `reference` names the visit at the till for ever."""


async def record_visit(units: Units, command: RecordVisit, new_id: Callable[[], UUID]) -> Answer:
    """Telling a visit, by the program version of the business day on which it happened.

    The answer may be a refusal of the rules, `already_recorded`, `too_long_ago` or
    `in_the_future`. Raises `NotFound` for an unknown card.
    """

    async def decide(unit: Unit, reading: Reading, standing: Standing) -> Decision:
        first = await unit.sales.told(command.origin.source, command.reference)
        if isinstance(first, UUID):
            raise AlreadyRecorded(transaction_id=str(first))
        if first is not None:
            raise AlreadyRecorded(sale_id=str(first.id))
        judgement = await judge(unit, command, standing, reading.now)
        earning = Earning(
            standing=replace(standing, program_version_id=judgement.version.id),
            version=judgement.version,
            outcome=judgement.outcome,
            transaction_id=new_id(),
            location_id=command.location_id,
            now=reading.now,
        )
        return _decision(earning, command, judgement.moment)

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

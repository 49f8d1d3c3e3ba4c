"""First states: a sale that nobody told of before, judged by what held when it happened."""

from collections.abc import Callable
from uuid import UUID

from gateway.domain.business_day import business_day
from gateway.domain.earning.evaluation import evaluate
from gateway.domain.rules.happenings import Happening
from gateway.domain.rules.outcomes import PastSale
from gateway.domain.sales import KnownSale, happened_at
from gateway.services.sales.histories import standing_then, version_of, with_history
from gateway.services.sales.settlements import (
    Judged,
    RecordSale,
    Settlement,
    settled,
    standing_of,
)
from gateway.storage.cards.postings import Reading
from gateway.storage.unit import Unit


async def first_state(
    unit: Unit, reading: Reading, command: RecordSale, new_id: Callable[[], UUID]
) -> Settlement:
    """Return what a new sale comes to; raises what refuses it."""
    standing = standing_of(reading)
    moment = happened_at(
        command.occurred_at, reading.now, age_max=command.age_max, synced_at=command.synced_at
    )
    version = await version_of(unit, standing, moment, reading.now)
    past_day = business_day(moment, command.clock)
    then = await with_history(unit, standing, version, past_day, reading.now)
    then = await standing_then(unit, then, version, moment)
    happening = Happening(clock=command.clock, location_id=command.location_id, sale=command.sale)
    outcome = evaluate(version, then, happening, moment)
    if outcome.refusal is not None:
        raise outcome.refusal
    assert outcome.basis is not None, "a sale that is not refused has a basis"
    known = KnownSale(
        id=new_id(),
        card_id=standing.card_id,
        source=command.source,
        reference=command.reference,
        location_id=command.location_id,
        program_version_id=version.id,
        occurred_at=moment,
        sale=command.sale,
        past=PastSale(basis=outcome.basis, day=past_day),
        sequence=command.sequence,
    )
    return settled(Judged(known, version, outcome), None, reading, new_id())

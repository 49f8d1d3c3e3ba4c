"""First states: a sale that nobody told of before, judged by what held when it happened."""

from collections.abc import Callable
from uuid import UUID

from gateway.domain.rules.outcomes import PastSale
from gateway.domain.sales import KnownSale
from gateway.services.sales.judging import judge
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
    judgement = await judge(unit, command, standing, reading.now, command.sale)
    basis = judgement.outcome.basis
    assert basis is not None, "a sale that is not refused has a basis"
    known = KnownSale(
        id=new_id(),
        card_id=standing.card_id,
        source=command.source,
        reference=command.reference,
        location_id=command.location_id,
        program_version_id=judgement.version.id,
        occurred_at=judgement.moment,
        sale=command.sale,
        past=PastSale(basis=basis, day=judgement.day),
        sequence=command.sequence,
    )
    judged = Judged(known, judgement.version, judgement.outcome)
    return settled(judged, None, reading, new_id())

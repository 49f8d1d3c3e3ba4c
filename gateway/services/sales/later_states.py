"""Later states: a refund, a correction or a payment, judged by what the sale was judged by."""

from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

from gateway.domain.cards import Standing
from gateway.domain.earning.admission import refused_entry, too_often
from gateway.domain.earning.raising import gives_more, refused_raise
from gateway.domain.earning.refunds import reassess
from gateway.domain.errors import AlreadyRecorded, Refusal
from gateway.domain.programs import ProgramVersion
from gateway.domain.rules.happenings import Happening, Sale
from gateway.domain.rules.outcomes import Day, Outcome
from gateway.domain.sales import KnownSale, later
from gateway.services.cards.posting import Lost
from gateway.services.sales.histories import standing_then, with_history
from gateway.services.sales.settlements import (
    Judged,
    RecordSale,
    Settlement,
    earning_of,
    settled,
    standing_of,
)
from gateway.storage.cards.postings import Reading
from gateway.storage.unit import Unit


async def later_state(
    unit: Unit,
    reading: Reading,
    known: KnownSale,
    command: RecordSale,
    new_id: Callable[[], UUID],
) -> Settlement:
    """Return what another state of a sale comes to; raises what refuses it."""
    version = await unit.programs.version(known.program_version_id)
    state = later(known, command.sale, command.sequence)
    if state is None:
        judged = Judged(known, version, _unchanged(known))
        return await _same_state(unit, reading, judged, command, new_id())
    standing = await with_history(unit, standing_of(reading), version, known.past.day, reading.now)
    outcome = reassess(version, known.past, standing, state, reading.now)
    refusal = outcome.refusal or _not_raised(version, standing, known, (state, outcome), reading)
    if refusal is not None:
        raise refusal
    if outcome.basis is not None and outcome.basis.earned > known.past.basis.earned:
        then = await standing_then(unit, standing, version, known.occurred_at)
        outcome = _beginning(version, then, known, outcome)
    changed = replace(
        known,
        sale=state,
        sequence=command.sequence if command.sequence is not None else known.sequence,
        revision=known.revision + 1,
    )
    return settled(Judged(changed, version, outcome), known, reading, new_id())


async def _same_state(
    unit: Unit,
    reading: Reading,
    judged: Judged,
    command: RecordSale,
    transaction_id: UUID,
) -> Settlement:
    known = judged.known
    if command.is_once:
        first = next(iter(known.past.transactions), None)
        raise AlreadyRecorded(transaction_id=str(first) if first else None, sale_id=str(known.id))
    known = await _numbered(unit, known, command, reading)
    earning = earning_of(judged, reading, transaction_id)
    return Settlement(known=known, before=known, earning=earning)


def _not_raised(
    version: ProgramVersion,
    standing: Standing,
    known: KnownSale,
    told: tuple[Sale, Outcome],
    reading: Reading,
) -> Refusal | None:
    """Return why a sale does not get more; a refund that comes to more is none the less told."""
    state, outcome = told
    is_refund = (
        state.total_paid <= known.sale.total_paid
        and state.total_refunded > known.sale.total_refunded
    )
    if is_refund or not gives_more(known.past.given, outcome.given):
        return None
    return refused_raise(version.plan, standing, known.occurred_at, reading.now)


async def _numbered(
    unit: Unit, known: KnownSale, command: RecordSale, reading: Reading
) -> KnownSale:
    """Return the sale by a higher number of the same state, so that those between come too late.

    Raises `Lost` when somebody changed it meanwhile.
    """
    number, before = command.sequence, known.sequence
    if command.sale != known.sale or number is None or (before is not None and number <= before):
        return known
    numbered = replace(known, sequence=number, revision=known.revision + 1)
    if not await unit.sales.change(numbered, reading.now):
        raise Lost
    return numbered


def _beginning(
    version: ProgramVersion, then: Standing, known: KnownSale, outcome: Outcome
) -> Outcome:
    """Return what a sale gives that is no earning until now; raises what refuses it.

    An order that is paid later is judged as if it had been told of so at once. One whose refund
    was a mistake has only to find its place among what was earned on its day.
    """
    plan, moment = version.plan, known.occurred_at
    happening = Happening(clock=known.past.basis.clock, location_id=known.location_id)
    is_first = not known.past.transactions
    refused = refused_entry if is_first else too_often
    refusal = refused(plan, then, happening, moment)
    if refusal is not None:
        raise refusal
    return replace(outcome, last_earned_at=moment) if is_first else outcome


def _unchanged(known: KnownSale) -> Outcome:
    return Outcome(
        explanations=(),
        day=Day(day=known.past.day),
        basis=known.past.basis,
        given=known.past.given,
    )

"""Settlements: what a sale comes to in the state it is told in, the first time and later."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from gateway.domain.business_day import BusinessClock, business_day
from gateway.domain.cards import CardStatus, Standing
from gateway.domain.earning.admission import refused_entry, too_often
from gateway.domain.earning.evaluation import evaluate
from gateway.domain.earning.raising import gives_more, refused_raise
from gateway.domain.earning.refunds import reassess
from gateway.domain.errors import AlreadyRecorded, Refusal
from gateway.domain.ledger import LOTTED, TransactionKind
from gateway.domain.merging import MergedAway
from gateway.domain.programs import ProgramVersion
from gateway.domain.rules.budgets import program_budgets
from gateway.domain.rules.happenings import Happening, Sale
from gateway.domain.rules.looking_back import look_back_days
from gateway.domain.rules.outcomes import Day, Outcome, PastSale
from gateway.domain.sales import (
    ONLINE_HOURS_MAX,
    KnownSale,
    SaleOfAnotherCard,
    as_of,
    happened_at,
    later,
)
from gateway.services.cards.commands import Command
from gateway.services.cards.earning import Earning
from gateway.services.cards.posting import Lost
from gateway.storage.cards.postings import Reading
from gateway.storage.unit import Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordSale(Command):
    """A sale to a card as it stands now: all that was paid for it and refunded until now.

    `reference` names it at its `source` for ever. `occurred_at` None is now; otherwise at most
    `age_max` ago, and never before `synced_at`. With `is_once`, a state that is known already is
    refused, which tells a second till that the first was faster.
    """

    source: str
    reference: str
    sale: Sale
    location_id: UUID
    clock: BusinessClock
    occurred_at: datetime | None = None
    synced_at: datetime | None = None
    age_max: timedelta = timedelta(hours=ONLINE_HOURS_MAX)
    sequence: int | None = None
    is_once: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """A sale in the state that holds from now on, and what that state came to.

    `before` is the sale until now, None the first time it is told of.
    """

    known: KnownSale
    before: KnownSale | None
    earning: Earning

    @property
    def kind(self) -> TransactionKind:
        """What the difference is posted as: who only gets more has earned."""
        if self.before is None:
            return TransactionKind.EARN
        has_more = self.known.sale.net > self.before.sale.net
        takes = any(each.source in LOTTED for each in self.earning.outcome.transfers)
        return TransactionKind.EARN if has_more and not takes else TransactionKind.REFUND


async def settlement_of(
    unit: Unit, reading: Reading, command: RecordSale, new_id: Callable[[], UUID]
) -> Settlement:
    """Return what a sale comes to, by the version, tier and basis of its first state.

    Raises what `record_sale` answers or raises.
    """
    if _standing(reading).card_status is CardStatus.MERGED:
        raise MergedAway
    known = await unit.sales.known(command.source, command.reference)
    if known is None:
        return await _first(unit, reading, command, new_id)
    if known.card_id != command.card_id:
        raise SaleOfAnotherCard
    return await _next(unit, reading, known, command, new_id)


async def _first(
    unit: Unit, reading: Reading, command: RecordSale, new_id: Callable[[], UUID]
) -> Settlement:
    visit = await unit.sales.visit(command.source, command.reference)
    if visit is not None:
        raise AlreadyRecorded(transaction_id=str(visit))
    standing = _standing(reading)
    moment = happened_at(
        command.occurred_at, reading.now, age_max=command.age_max, synced_at=command.synced_at
    )
    version = await version_of(unit, standing, moment, reading.now)
    past_day = business_day(moment, command.clock)
    standing = as_of(await with_history(unit, standing, version, past_day), moment)
    happening = Happening(clock=command.clock, location_id=command.location_id, sale=command.sale)
    outcome = evaluate(version, standing, happening, moment)
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
    earning = _earning(_standing(reading), version, outcome, known, reading, new_id())
    return Settlement(known=_settled(known, earning), before=None, earning=earning)


async def _next(
    unit: Unit,
    reading: Reading,
    known: KnownSale,
    command: RecordSale,
    new_id: Callable[[], UUID],
) -> Settlement:
    version = await unit.programs.version(known.program_version_id)
    state = later(known, command.sale, command.sequence)
    if state is None:
        if command.is_once:
            raise AlreadyRecorded(
                transaction_id=_text(next(iter(known.past.transactions), None)),
                sale_id=str(known.id),
            )
        known = await _numbered(unit, known, command, reading)
        outcome = _unchanged(known)
        earning = _earning(_standing(reading), version, outcome, known, reading, new_id())
        return Settlement(known=known, before=known, earning=earning)
    standing = await with_history(unit, _standing(reading), version, known.past.day)
    outcome = reassess(version, known.past, standing, state, reading.now)
    refusal = outcome.refusal or _not_raised(version, standing, known, (state, outcome), reading)
    if refusal is not None:
        raise refusal
    if outcome.basis is not None and outcome.basis.earned > known.past.basis.earned:
        outcome = _beginning(version, standing, known, outcome)
    changed = replace(
        known,
        sale=state,
        sequence=command.sequence if command.sequence is not None else known.sequence,
        revision=known.revision + 1,
    )
    earning = _earning(_standing(reading), version, outcome, known, reading, new_id())
    return Settlement(known=_settled(changed, earning), before=known, earning=earning)


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
    version: ProgramVersion, standing: Standing, known: KnownSale, outcome: Outcome
) -> Outcome:
    """Return what a sale gives that is no earning until now; raises what refuses it.

    An order that is paid later is judged as if it had been told of so at once. One whose refund
    was a mistake has only to find its place among what was earned on its day.
    """
    plan, moment = version.plan, known.occurred_at
    then = as_of(standing, moment)
    happening = Happening(clock=known.past.basis.clock, location_id=known.location_id)
    is_first = not known.past.transactions
    refused = refused_entry if is_first else too_often
    refusal = refused(plan, then, happening, moment)
    if refusal is not None:
        raise refusal
    return replace(outcome, last_earned_at=moment) if is_first else outcome


def _standing(reading: Reading) -> Standing:
    assert reading.standing is not None, "nothing is decided about no card"
    return reading.standing


async def version_of(
    unit: Unit, standing: Standing, moment: datetime, now: datetime
) -> ProgramVersion:
    """Return the version that held when it happened; a card in an experiment keeps its own."""
    version = await unit.programs.version(standing.program_version_id)
    if moment == now:
        return version
    program = (await unit.programs.of_cards([standing.program_id]))[standing.program_id]
    if program.version.id != version.id:
        return version
    held = await unit.sales.version_at(standing.program_id, moment)
    return await unit.programs.version(held) if held else version


async def with_history(
    unit: Unit, standing: Standing, version: ProgramVersion, day: date
) -> Standing:
    """Return the standing with all that a version looks back on from an earlier day.

    What the program gave is read here for the budgets of a version that is not the current one.
    """
    since = day - timedelta(days=look_back_days(version.plan) + 1)
    standing = replace(standing, days=await unit.sales.days(standing.card_id, since))
    if standing.budgets or not program_budgets(version.plan):
        return standing
    return replace(standing, budgets=await unit.programs.budgets(standing.program_id))


def _earning(  # noqa: PLR0913, PLR0917 -- everything one decision was made of
    standing: Standing,
    version: ProgramVersion,
    outcome: Outcome,
    known: KnownSale,
    reading: Reading,
    transaction_id: UUID,
) -> Earning:
    return Earning(
        standing=replace(standing, program_version_id=version.id),
        version=version,
        outcome=outcome,
        transaction_id=transaction_id,
        location_id=known.location_id,
        now=reading.now,
    )


def _settled(known: KnownSale, earning: Earning) -> KnownSale:
    """Return the sale with everything it gave until now."""
    outcome = earning.outcome
    assert outcome.basis is not None, "only a refusal has no basis"
    transactions = (*known.past.transactions, earning.transaction_id)
    past = replace(known.past, basis=outcome.basis, given=outcome.given, transactions=transactions)
    return replace(known, past=past)


def _unchanged(known: KnownSale) -> Outcome:
    return Outcome(
        explanations=(),
        day=Day(day=known.past.day),
        basis=known.past.basis,
        given=known.past.given,
    )


def _text(transaction_id: UUID | None) -> str | None:
    return str(transaction_id) if transaction_id else None

"""Settlements: a sale as it is told, and what the state that holds from then on came to."""

from dataclasses import dataclass, replace
from uuid import UUID

from gateway.domain.cards import Standing
from gateway.domain.ledger import LOTTED, TransactionKind
from gateway.domain.programs import ProgramVersion
from gateway.domain.rules.happenings import Sale
from gateway.domain.rules.outcomes import Outcome
from gateway.domain.sales import KnownSale
from gateway.services.cards.earning import Earning
from gateway.services.sales.judging import Telling
from gateway.storage.cards.postings import Reading


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordSale(Telling):
    """A sale to a card as it stands now: all that was paid for it and refunded until now.

    `reference` names it at its `source` for ever. With `is_once`, a state that is known already
    is refused, which tells a second till that the first was faster.
    """

    source: str
    sale: Sale
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


@dataclass(frozen=True, slots=True)
class Judged:
    """A state of a sale, by which version it was judged, and the outcome."""

    known: KnownSale
    version: ProgramVersion
    outcome: Outcome


def settled(
    judged: Judged, before: KnownSale | None, reading: Reading, transaction_id: UUID
) -> Settlement:
    """Return the settlement of a state that changes something: all that the sale gave with it."""
    known, outcome = judged.known, judged.outcome
    assert outcome.basis is not None, "only a refusal has no basis"
    transactions = (*known.past.transactions, transaction_id)
    past = replace(known.past, basis=outcome.basis, given=outcome.given, transactions=transactions)
    earning = earning_of(judged, reading, transaction_id)
    return Settlement(known=replace(known, past=past), before=before, earning=earning)


def earning_of(judged: Judged, reading: Reading, transaction_id: UUID) -> Earning:
    """Return what a state of a sale comes to for its card."""
    return Earning(
        standing=replace(standing_of(reading), program_version_id=judged.version.id),
        version=judged.version,
        outcome=judged.outcome,
        transaction_id=transaction_id,
        location_id=judged.known.location_id,
        now=reading.now,
    )


def standing_of(reading: Reading) -> Standing:
    """Return how the card stands that was read."""
    assert reading.standing is not None, "nothing is decided about no card"
    return reading.standing

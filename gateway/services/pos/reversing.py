"""Reversing: what a till did is taken back whole, by the GUID it was done under."""

from dataclasses import dataclass, replace

import msgspec

from gateway.domain.sales import KnownSale, TransactionCannotBeReversed
from gateway.services.cards.commands import STATUS_DONE, Answer, EndRedemption, UndoStamp
from gateway.services.cards.undoing import undo_stamp
from gateway.services.pos.verbs import SOURCE, Counter, Done, Verb, asked_of, key_of
from gateway.services.rewards.ending import take_reward_back
from gateway.services.sales.selling import record_sale
from gateway.services.sales.settlements import RecordSale
from gateway.storage.cards.postings import Question
from gateway.storage.unit import Unit

_OF_ANOTHER_CARD = "This was done with another card, or before this one got what that one had."


@dataclass(frozen=True, slots=True, kw_only=True)
class Reverse(Verb):
    """The GUID of a transaction of the same till that is taken back whole."""

    reversed_guid: str


async def reverse(counter: Counter, asked: Reverse) -> Answer:
    """Take a transaction of the same till back: refund its sale, undo its visit or redemption.

    The answer may be a refusal of whatever takes it back. Raises `TransactionCannotBeReversed`
    for a GUID that did nothing or that is taken back already. Of a card that was merged since,
    only what was sold is taken back.
    """
    async with counter.units(counter.principal.merchant_id) as unit:
        kept = await _kept(unit, counter, asked, key_of(asked.guid))
        done = await _kept(unit, counter, asked, key_of(asked.reversed_guid))
        sale = await _sale(unit, asked, done)
    if sale is not None:
        if sale.sale.net == 0 and kept is None:
            raise TransactionCannotBeReversed
        return await _refund(counter, asked, sale)
    if done is None:
        raise TransactionCannotBeReversed
    if done.card_id != asked.card_id and kept is None:
        raise TransactionCannotBeReversed(_OF_ANOTHER_CARD)
    return await _undo(counter, asked, done)


async def _kept(unit: Unit, counter: Counter, asked: Reverse, key: str) -> Done | None:
    """Return what a key was answered with when it was done, or None."""
    ledger = await unit.ledger()
    question = Question(unit.merchant_id, asked.card_id, counter.principal.name, key)
    (reading,) = await ledger.read([question])
    if reading.answer is None or reading.answer.status != STATUS_DONE:
        return None
    return msgspec.json.decode(reading.answer.body, type=Done)


async def _sale(unit: Unit, asked: Reverse, done: Done | None) -> KnownSale | None:
    """Return the sale a GUID recorded, also when its answer was forgotten long ago."""
    if done is not None:
        return await unit.sales.one(done.sale_id) if done.sale_id else None
    sale = await unit.sales.known(SOURCE, asked.reversed_guid)
    return sale if sale and sale.card_id == asked.card_id else None


async def _refund(counter: Counter, asked: Reverse, known: KnownSale) -> Answer:
    paid = known.sale.total_paid
    command = RecordSale(
        **asked_of(counter, asked),
        source=known.source,
        reference=known.reference,
        sale=replace(known.sale, total_refunded=paid),
        location_id=known.location_id,
        clock=known.past.basis.clock,
        sequence=None if known.sequence is None else known.sequence + 1,
        is_once=True,
    )
    return await record_sale(counter.units, command, counter.new_id)


async def _undo(counter: Counter, asked: Reverse, done: Done) -> Answer:
    if done.redemption_id is not None:
        ending = EndRedemption(
            **asked_of(counter, asked),
            redemption_id=done.redemption_id,
        )
        return await take_reward_back(counter.units, ending, counter.new_id)
    if done.transaction_id is None:
        raise TransactionCannotBeReversed
    undoing = UndoStamp(
        **asked_of(counter, asked),
        transaction_id=done.transaction_id,
    )
    return await undo_stamp(counter.units, undoing, counter.new_id)

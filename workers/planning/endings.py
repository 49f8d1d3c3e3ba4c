"""Programs that ended: the customers of their cards are told, chunk by chunk."""

from collections.abc import Mapping

from gateway.domain.wording import MessageEvent
from gateway.storage.queues.outbox import Fact
from gateway.storage.unit import Unit
from workers.consequences import Notice, Notify, TellOfEnd
from workers.continuations import CARDS_PER_CHUNK_MAX, CardsToTell


async def notices_of_ends(unit: Unit, ends: Mapping[TellOfEnd, Fact]) -> list[Notice]:
    """Return whom to tell of each end: a chunk of the cards in use, the rest as a fact."""
    notices: list[Notice] = []
    for end, fact in ends.items():
        rows = CARDS_PER_CHUNK_MAX // len(ends)
        told = await unit.recipients.cards_in_use(end.program_id, end.after_card_id, rows)
        if len(told) == rows:
            unit.announce(
                CardsToTell(
                    program_id=end.program_id,
                    after_card_id=told[-1],
                    redeemable_until=end.redeemable_until,
                )
            )
        facts = {"redeemable_until": end.redeemable_until}
        notices += [
            Notice(fact.id, fact.announced_at, Notify(MessageEvent.PROGRAM_ENDED, card_id, facts))
            for card_id in told
        ]
    return notices

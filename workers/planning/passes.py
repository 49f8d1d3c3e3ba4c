"""Passes that show something new: published, and one delivery for each device that keeps them."""

from collections.abc import Callable, Mapping, Sequence
from uuid import UUID

from gateway.services.merchants.experimenting import tie_cards
from gateway.storage.queues.deliveries import INTERACTIVE, Wanted
from gateway.storage.unit import Unit
from workers.consequences import ChangeLook
from workers.continuations import CARDS_PER_CHUNK_MAX, CardsToChange

APNS = "apns"


async def change_looks(
    unit: Unit, looks: Mapping[ChangeLook, UUID], experiment_key: bytes
) -> dict[UUID, UUID]:
    """Change a chunk of the cards of each program; return them with the fact they changed for.

    With an experiment's start and end too: `experiment_key` draws what a card is tied to.
    """
    cards: dict[UUID, UUID] = {}
    for look, fact_id in looks.items():
        rows = CARDS_PER_CHUNK_MAX // len(looks)
        changed = await _change_look(unit, look, rows)
        await tie_cards(unit, look.program_id, changed, experiment_key)
        cards |= dict.fromkeys(changed, fact_id)
    return cards


async def plan_pushes(
    unit: Unit,
    cards: Mapping[UUID, UUID],
    new_id: Callable[[], UUID],
    *,
    lane: int = INTERACTIVE,
) -> Sequence[Wanted]:
    """Publish the passes of cards (with the fact each changed for); want one push per device."""
    if not cards:
        return []
    await unit.passes.publish(list(cards))
    targets = await unit.deliveries.targets(APNS, list(cards))
    wanted = {
        (target.topic, target.target): Wanted(
            id=new_id(),
            event_id=cards[target.card_id],
            channel=target.channel,
            topic=target.topic,
            target=target.target,
            lane=lane,
        )
        for target in targets
    }
    return list(wanted.values())


async def _change_look(unit: Unit, look: ChangeLook, rows: int) -> list[UUID]:
    """Change a chunk of a program's cards, and announce the rest as a fact of its own."""
    changed = await unit.cards.change_look(look.program_id, look.after_card_id, rows)
    if len(changed) == rows:
        unit.announce(CardsToChange(program_id=look.program_id, after_card_id=changed[-1]))
    return changed

"""Cards and programs that changed: one write for each that Google has, or is to have."""

from collections.abc import Callable, Mapping
from uuid import UUID

from gateway.storage.queues.deliveries import BULK, INTERACTIVE, Wanted
from gateway.storage.unit import Unit
from workers.consequences import ChangeLook, Follow

GOOGLE = "google"


async def plan_writes(
    unit: Unit, follow: Follow, changed: Mapping[UUID, UUID], new_id: Callable[[], UUID]
) -> list[Wanted]:
    """Want Google to be told of cards (`changed` are those whose look changed) and of programs.

    A new look can wait: a card that somebody just had stamped goes first.
    """
    urgent = follow.cards | follow.google_cards
    known = await unit.google.objects([*urgent, *changed])
    wanted = [
        Wanted(
            id=new_id(),
            event_id=urgent.get(card_id) or changed[card_id],
            channel=GOOGLE,
            topic=found.issuer_id,
            target=object_target(card_id),
            lane=INTERACTIVE if card_id in urgent else BULK,
        )
        for card_id, found in known.items()
    ]
    return wanted + await _classes(unit, follow.looks, new_id)


def object_target(card_id: UUID) -> str:
    """Name the write of a card as it stands."""
    return f"object:{card_id}"


async def _classes(
    unit: Unit, looks: Mapping[ChangeLook, UUID], new_id: Callable[[], UUID]
) -> list[Wanted]:
    if not looks:
        return []
    facts = {look.program_id: fact_id for look, fact_id in looks.items()}
    known = await unit.google.classes(list(facts))
    return [
        Wanted(
            id=new_id(),
            event_id=facts[program_id],
            channel=GOOGLE,
            topic=found.issuer_id,
            target=f"class:{program_id}",
        )
        for program_id, found in known.items()
    ]

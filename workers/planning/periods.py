"""Cards that read otherwise since a period ended: found and counted up, chunk by chunk."""

from collections.abc import Mapping
from uuid import UUID

from gateway.services.merchants.turning import Turned, refresh_turned
from gateway.storage.unit import Unit
from workers.consequences import TurnCards
from workers.continuations import CARDS_PER_CHUNK_MAX, CardsToTurn


async def turn_cards(unit: Unit, turns: Mapping[TurnCards, UUID]) -> dict[UUID, UUID]:
    """Count up a chunk of the cards of each program; return them with the fact they changed for.

    The rest is announced as a fact of its own.
    """
    cards: dict[UUID, UUID] = {}
    for turn, fact_id in turns.items():
        rows = CARDS_PER_CHUNK_MAX // len(turns)
        found = await unit.periods.remembering(turn.program_id, turn.after_card_id, rows)
        turned = Turned(program_id=turn.program_id, before=turn.before, today=turn.today)
        cards |= dict.fromkeys(await refresh_turned(unit, turned, found), fact_id)
        if len(found) == rows:
            unit.announce(
                CardsToTurn(
                    program_id=turn.program_id,
                    before=turn.before.isoformat(),
                    today=turn.today.isoformat(),
                    after_card_id=found[-1].card_id,
                )
            )
    return cards

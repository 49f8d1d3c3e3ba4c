"""Viewing: everything a card's own page and the till show about it, read at one moment."""

from collections.abc import Sequence
from dataclasses import dataclass

from gateway.domain.programs import ProgramVersion
from gateway.domain.redemptions import Redemption, Reward
from gateway.storage.cards.cards import Card
from gateway.storage.cards.transactions import HistoryLine
from gateway.storage.people.merchants import Merchant
from gateway.storage.unit import Unit

HISTORY_ROWS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class CardView:
    """A card with the promise it is under, what is being handed out, and its latest history.

    `time_zone` is the one its moments are told in.
    """

    merchant: Merchant
    card: Card
    version: ProgramVersion
    rewards: Sequence[Reward]
    reserved: Sequence[Redemption]
    history: Sequence[HistoryLine]
    time_zone: str
    has_apple_pass: bool


async def view_card(unit: Unit, card: Card) -> CardView:
    """Read what is shown of a card."""
    locations = await unit.merchants.locations()
    return CardView(
        merchant=await unit.merchants.me(),
        card=card,
        version=await unit.programs.version(card.program_version_id),
        rewards=await unit.programs.rewards(card.program_version_id),
        reserved=await unit.redemptions.open_of_card(card.id),
        history=await unit.transactions.history(card.id, HISTORY_ROWS),
        time_zone=locations[0].clock.time_zone if locations else "UTC",
        has_apple_pass=await unit.merchants.pass_type() is not None,
    )

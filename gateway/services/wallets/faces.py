"""What a card shows in a wallet, whichever: read from the card, its program and its shop."""

from gateway.domain.cards import CardStatus
from gateway.domain.errors import NotEnough
from gateway.domain.programs import ProgramStatus, ProgramVersion
from gateway.domain.rules.keys import POINT
from gateway.presenters.card_face import CardFace, Prize
from gateway.services.cards.offering import claims_of, of_card
from gateway.storage.cards.cards import Card
from gateway.storage.people.merchants import Merchant
from gateway.storage.unit import Unit


async def prizes_of(unit: Unit, card: Card) -> tuple[Prize, ...]:
    """Return what a card can spend its points on, now or with more of them, cheapest first."""
    if POINT not in card.balances:
        return ()
    version = await unit.programs.version(card.program_version_id)
    found = await claims_of(unit, of_card(card, version))
    prizes = [
        Prize(name=claim.reward.name, cost=claim.reward.cost)
        for claim in found
        if claim.reward.unit == POINT and (claim.is_ready or isinstance(claim.obstacle, NotEnough))
    ]
    return tuple(sorted(prizes, key=lambda prize: prize.cost))


def card_face(
    card: Card,
    merchant: Merchant,
    program: ProgramVersion,
    site: str,
    prizes: tuple[Prize, ...] = (),
) -> CardFace:
    """Return the face of a card; `site` is where its owner reaches us.

    A card is of use while it is not blocked and its program has not ended.
    """
    is_running = card.program_status is not ProgramStatus.ENDED
    return CardFace(
        merchant_name=merchant.name,
        site=site,
        code=card.code,
        version=card.version,
        program=program,
        is_usable=card.status is CardStatus.ACTIVE and is_running,
        balances=card.balances,
        memory=card.memory,
        tier=card.tier,
        prizes=prizes,
        opened_at=card.opened_at,
        last_earned_at=card.last_earned_at,
    )

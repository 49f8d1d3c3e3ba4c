"""What a card shows in a wallet, whichever: read from the card, its program and its shop."""

from gateway.domain.cards import CardStatus
from gateway.domain.programs import ProgramStatus, ProgramVersion
from gateway.presenters.card_face import CardFace
from gateway.storage.cards.cards import Card
from gateway.storage.people.merchants import Merchant


def card_face(card: Card, merchant: Merchant, program: ProgramVersion, site: str) -> CardFace:
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
        opened_at=card.opened_at,
        last_earned_at=card.last_earned_at,
    )

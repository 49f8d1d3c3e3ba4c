"""Whether a card can go to Google Wallet, or is there, and with which button that is offered."""

import asyncio
from dataclasses import dataclass
from urllib.parse import urljoin
from uuid import UUID

from gateway.domain.cards import CardStatus
from gateway.domain.programs import ProgramStatus
from gateway.domain.wording import Language, choose_language
from gateway.google_folder import AccountMissing, GoogleFolder
from gateway.presenters.google_button import WORDS_ON_BUTTON
from gateway.services.wallets.google_cards import GoogleOffice
from gateway.storage.cards.cards import Card


@dataclass(frozen=True, slots=True)
class GoogleOffer:
    """What a card's page offers; `view_url` is where a card is seen that somebody saved.

    `button` is the language of Google's own button, None where there is none.
    """

    view_url: str | None
    button: Language | None

    @property
    def words(self) -> str:
        """What is written on the button."""
        return WORDS_ON_BUTTON[self.button or Language.EN]


async def offer_google(office: GoogleOffice, merchant_id: UUID, card: Card) -> GoogleOffer | None:
    """Return how the card's owner gets it into Google Wallet; None where nobody can.

    Google's own button is in the owner's language, or the next best that there is.
    """
    async with office.units(merchant_id) as unit:
        found = (await unit.google.objects([card.id])).get(card.id)
        issuer_id = found.issuer_id if found else await unit.google.issuer()
        owner = await unit.customers.one(card.customer_id)
    if found is not None and found.is_saved:
        # Saved cards are beside the place where one saves them, at Google and in the sandbox:
        # https://developers.google.com/wallet/retail/loyalty-cards/use-cases/link-to-offers-card
        return GoogleOffer(urljoin(office.save_url, f"../object/{found.object_id}"), None)
    if issuer_id is None or not _is_usable(card):
        return None
    return await asyncio.to_thread(_offer, office.folder, issuer_id, owner.language)


def _offer(folder: GoogleFolder, issuer_id: str, wanted: str) -> GoogleOffer | None:
    try:
        folder.signer(issuer_id)
    except AccountMissing:
        return None
    drawn = [each for each in WORDS_ON_BUTTON if folder.has_button(each)]
    return GoogleOffer(None, choose_language([wanted], drawn) if drawn else None)


def _is_usable(card: Card) -> bool:
    """Google saves no card that is blocked; nobody needs a new one of a program that ended."""
    is_running = card.program_status is not ProgramStatus.ENDED
    return card.status is CardStatus.ACTIVE and is_running

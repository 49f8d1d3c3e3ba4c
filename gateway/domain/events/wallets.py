"""What customers do with their wallets."""

from dataclasses import dataclass
from uuid import UUID

from gateway.domain.events.base import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class WalletSaved(Event):
    """Somebody put the card into a wallet, which is `google`."""

    type = "loyalty.wallet.saved"
    card_id: UUID
    wallet: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WalletRemoved(Event):
    """Somebody took the card out of a wallet; the card itself stays."""

    type = "loyalty.wallet.removed"
    card_id: UUID
    wallet: str

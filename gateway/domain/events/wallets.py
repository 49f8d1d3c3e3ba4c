"""What customers do with their wallets."""

from dataclasses import dataclass

from gateway.domain.events.cards import CardChanged


@dataclass(frozen=True, slots=True, kw_only=True)
class WalletChanged(CardChanged):
    """A card went into a wallet or out of one."""

    wallet: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WalletSaved(WalletChanged):
    """Somebody put the card into a wallet, which is `google`."""

    type = "loyalty.wallet.saved"


@dataclass(frozen=True, slots=True, kw_only=True)
class WalletRemoved(WalletChanged):
    """Somebody took the card out of a wallet; the card itself stays."""

    type = "loyalty.wallet.removed"

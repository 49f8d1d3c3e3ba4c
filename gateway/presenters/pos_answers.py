"""A till's answer, made of the answer that is kept: the same on every retry."""

from uuid import UUID

import msgspec

from gateway.presenters.answers import Amount, CardProgress, Explained
from gateway.presenters.receipts import receipt_text


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """What of a kept answer a till hears, whichever verb it was."""

    card_id: UUID
    transaction_id: UUID | None = None
    sale_id: UUID | None = None
    redemption_id: UUID | None = None
    reward: str | None = None
    given: list[Amount] = []
    taken: list[Amount] = []
    progress: CardProgress
    tier: str | None = None
    tier_name: str | None = None
    explanations: list[Explained] = []

    @property
    def changes(self) -> list[Amount]:
        """What was given, below zero what was taken back."""
        taken = [Amount(unit=each.unit, amount=-each.amount) for each in self.taken]
        return [*self.given, *taken]

    @property
    def receipt_text(self) -> str:
        """The line a till prints."""
        given = {each.unit: each.amount for each in self.changes}
        return receipt_text(given, self.progress, self.tier_name, self.reward)


def kept(body: str) -> Kept:
    """Read a kept answer."""
    return msgspec.json.decode(body, type=Kept)

"""What a till prints about a card: one line, in the few letters a receipt has."""

from collections.abc import Mapping

from gateway.domain.rules.keys import REMAINDER_PREFIX, VOUCHER_PREFIX
from gateway.presenters.answers import CardProgress

RECEIPT_CHARACTERS_MAX = 255


def receipt_text(
    given: Mapping[str, int],
    progress: CardProgress,
    tier: str | None = None,
    reward: str | None = None,
) -> str:
    """Return what a transaction changed, the reward it was about, and how the card stands now.

    `tier` is its name for people. At most `RECEIPT_CHARACTERS_MAX` characters: no
    till prints more.
    """
    changes = [_change(unit, amount) for unit, amount in given.items() if amount]
    if reward:
        changes.append(f"{reward}.")
    parts = [*changes, f"Now {progress.text}."]
    if progress.rewards_ready:
        parts.append(f"Rewards ready: {progress.rewards_ready}.")
    if tier:
        parts.append(f"Tier: {tier}.")
    text = " ".join(parts)
    if len(text) <= RECEIPT_CHARACTERS_MAX:
        return text
    return f"{text[: RECEIPT_CHARACTERS_MAX - 1]}…"


def _change(unit: str, amount: int) -> str:
    name = "reward" if unit.startswith(VOUCHER_PREFIX) else unit.removeprefix(REMAINDER_PREFIX)
    return f"{amount:+,} {name}{'' if abs(amount) == 1 else 's'}."

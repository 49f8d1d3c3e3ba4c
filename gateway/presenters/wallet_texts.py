"""A message as a wallet shows it: one line beside the card."""

from gateway.domain.wording import Language, Wording, fill
from gateway.presenters.message_values import MessageFacts, values_of

TEXT_CHARACTERS_MAX = 400
"""More than any lock screen shows; only names that fill their limits come near."""


def wallet_text(wording: Wording, facts: MessageFacts, language: Language) -> str:
    """Return the line, cut after a word where it would be too long."""
    line = fill(wording.body, values_of(facts, language))
    if len(line) <= TEXT_CHARACTERS_MAX:
        return line
    shorter = line[: TEXT_CHARACTERS_MAX - 1]
    return (shorter.rpartition(" ")[0] or shorter) + "…"

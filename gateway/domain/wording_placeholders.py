"""The gaps in a message's words: what may be written between braces, and what stands for it."""

import re
from dataclasses import dataclass

BRACED = re.compile(r"\{\{ ?([a-z_]{1,30}) ?\}\}")
"""A placeholder as people write it: nothing but a name, so that there is nothing to run."""


@dataclass(frozen=True, slots=True)
class Placeholder:
    """A gap by name, with an explanation and an example for who writes the words."""

    name: str
    explanation: str
    example: str

    @property
    def braced(self) -> str:
        """The placeholder as it is written in a text."""
        return f"{{{{ {self.name} }}}}"


MERCHANT = Placeholder("merchant", "The name of your business.", "Café Central")
PROGRAM = Placeholder("program", "The name of the program.", "Coffee card")
REWARD = Placeholder("reward", "What a full card is good for.", "Free coffee")
PROGRESS = Placeholder("progress", "How far the card is.", "6 of 10")
STAMPS_MISSING = Placeholder(
    "stamps_missing", "How many stamps are missing for the next reward.", "4 stamps"
)
BALANCE = Placeholder("balance", "What is on the card, whatever it counts.", "6 of 10 stamps")
OUTLOOK = Placeholder(
    "outlook",
    "What comes next, as a sentence.",
    "4 stamps to go until your reward: Free coffee.",
)
EXPIRING = Placeholder("expiring", "What can be used up to that day only.", "120 points")
REWARDS_READY = Placeholder("rewards_ready", "How many rewards can be collected.", "1 reward")
EXPIRES_ON = Placeholder("expires_on", "The last day on which it can be used.", "31 December 2026")
TIER = Placeholder("tier", "The level the customer has now.", "Gold")
MOVES_ON = Placeholder("moves_on", "The day on which the level ends.", "31 December 2026")
UNTIL = Placeholder("until", "The last day of what is on the card.", "31 December 2026")
CARD_LINK = Placeholder(
    "card_link",
    "The address of the customer's card.",
    "https://cards.example.com/card/cafe-central/0192f0c1-7a3e-7c55-9d1f-3b8e6a4c2d10",
)

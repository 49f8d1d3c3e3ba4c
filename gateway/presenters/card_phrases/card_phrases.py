"""The phrases of cards in one language; gaps are filled by `gateway.domain.wording`.

A card in a wallet and the card on our pages say the same of themselves.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from gateway.domain.progress import Counts
from gateway.domain.rules.visits import Beat
from gateway.domain.rules.windows import Period
from gateway.presenters.phrases.plurals import Plural


@dataclass(frozen=True, slots=True, kw_only=True)
class Labels:
    """What stands above and beside the facts of a card."""

    counted: Mapping[Counts, str]
    """Above the number; Google shows nine letters, of `rewards` too."""
    rewards: str
    reward: str
    next_reward: str
    ready: str
    level: str
    no_level: str
    level_ends: str
    """Gaps `level` and `day`, the first one without it."""
    benefits: str
    """Gap `level`."""
    news: str
    nothing_new: str
    how: str
    last_visit: str
    since: str
    terms: str
    contact: str
    also: str
    held_back: str
    handed_out: str
    """Instead of how many rewards are ready."""
    stamp_card: str
    """What a screen reader says of a whole pass; gap `merchant`, as in the next two."""
    loyalty_card: str
    logo: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a card stands and what comes next, as sentences for the lock screen and the page.

    A `balance` is `6 of 10 stamps`, `missing` and `points` are numbers, money with its currency.
    """

    unusable: str
    handed_out: str
    """Gap `reward`, as in the next four."""
    handed_out_any: str
    """No gap: for a card whose program promises nothing by name."""
    full: str
    ready: str
    missing: str
    """Gaps `missing` and `reward`."""
    balance: str
    spent: str
    towards: str
    """After a reward that is ready; gap `balance`, as in the two before."""
    prize: str
    """Gaps `points` and `prize`."""
    enough: str
    """Gap `prize`."""
    collect: str
    to_go: Mapping[Counts, Plural]
    """Below the card; for what has places and for visits."""
    to_go_money: str
    """Gap `amount`."""
    beside: Mapping[Counts, str]
    """Beside a large number; gap `target`, but for points, which have none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What a customer does for what comes of it; gap `reward` wherever one is promised."""

    show: str
    per_visit: Plural
    per_item: Plural
    per_amount: str
    """Gap `amount`, as wherever something is given for money."""
    stamps: str
    """Gaps `earning`, which is one of the three above, `count` and `reward`."""
    surplus: str
    punches: str
    punches_from: str
    points: str
    spending: Mapping[Period, str]
    visits: str
    """Gaps `count` and `days`."""
    visits_in_a_row: Mapping[Beat, str]
    levels: str
    """Gaps `count` and `levels`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """The limits that the engine keeps."""

    minutes: Plural
    pause_stamps: str
    """Gap `minutes`, those counted above."""
    pause: str
    most_stamps: str
    """Gap `stamps`, counted."""
    most: Plural
    not_for_sale: Mapping[Counts, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Levels:
    """What is missing for a level, or to keep it: gaps `amount`, and `day` by which."""

    missing: str
    missing_by: str
    keep: str
    keep_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CardPhrases:
    """Everything in one language."""

    labels: Labels
    standing: Standing
    rules: Rules
    terms: Terms
    levels: Levels

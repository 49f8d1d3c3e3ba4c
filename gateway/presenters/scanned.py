"""A scanned card as the till's script reads it."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

import msgspec

from gateway.domain.earning.asking import asked_categories, asks_for_amount
from gateway.domain.money import exponent
from gateway.domain.progress import Counts
from gateway.domain.ready import Ready
from gateway.domain.rules.plan import Plan
from gateway.presenters.answers import CardProgress
from gateway.presenters.web_card import WebCard

_KINDS: Mapping[Counts, str] = {
    Counts.STAMPS: "Stamp card",
    Counts.PUNCHES: "Punch card",
    Counts.POINTS: "Points card",
    Counts.MONEY: "Spending card",
    Counts.VISITS: "Visit card",
}


class RewardOffer(msgspec.Struct, frozen=True, kw_only=True):
    """A reward of the card: its price in words, and why it cannot be had now, "" when it can."""

    reward_id: UUID
    name: str
    price: str
    is_ready: bool
    why_not: str


class Dots(msgspec.Struct, frozen=True, kw_only=True):
    """The places of a stamp card, and how many stand side by side."""

    taken: int
    places: int
    columns: int


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """How a card stands: what it is, in words; `dots` for a card that has places."""

    kind: str
    text: str
    sentence: str
    lines: tuple[str, ...]
    ready: tuple[str, ...]
    dots: Dots | None


class Asks(msgspec.Struct, frozen=True, kw_only=True):
    """What the till must enter before the card can earn."""

    currency: str
    digits: int
    categories: tuple[str, ...]


class ReservedReward(msgspec.Struct, frozen=True, kw_only=True):
    """A reward that is being handed out."""

    redemption_id: UUID
    reward: str
    code: str
    expires_at: datetime


class ScannedCard(msgspec.Struct, frozen=True, kw_only=True):
    """A card before staff: enough to recognise its customer, too little to write to them.

    `asks` says what the till must enter: an amount in `currency` with `digits` behind the point,
    and of which of the `categories` the purchase is; None for a visit.
    """

    card_id: UUID
    customer: str
    program: str
    program_status: str
    progress: CardProgress
    standing: Standing
    asks: Asks | None
    rewards: tuple[RewardOffer, ...]
    reserved: tuple[ReservedReward, ...]
    last_visit_at: datetime | None


def standing_of(face: WebCard, ready: Iterable[Ready]) -> Standing:
    """Return how a card stands, for staff."""
    shown = face.progress
    return Standing(
        kind=_KINDS[shown.counts],
        text=shown.text,
        sentence=f"for {face.reward}" if face.reward else "",
        lines=tuple(f"{name}: {words}" for name, words in face.also),
        ready=tuple(
            each.reward.description
            if each.count == 1
            else f"{each.count} × {each.reward.description}"
            for each in ready
        ),
        dots=Dots(taken=shown.count, places=shown.target, columns=face.columns)
        if shown.has_places and shown.target
        else None,
    )


def asks_of(plan: Plan) -> Asks | None:
    """Return what the till must enter before a card of a plan can earn all it may."""
    if not asks_for_amount(plan):
        return None
    return Asks(
        currency=plan.currency,
        digits=exponent(plan.currency),
        categories=asked_categories(plan),
    )

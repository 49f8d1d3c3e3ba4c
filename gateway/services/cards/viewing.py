"""Viewing: everything a card's own page and the till show about it, read at one moment."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from gateway.domain.business_day import business_day
from gateway.domain.claims import Claim
from gateway.domain.merging import Part
from gateway.domain.programs import ProgramVersion
from gateway.domain.redemptions import Redemption
from gateway.domain.rules.plan import Plan
from gateway.domain.rules.tier_progress import TierNeeds, points_needed
from gateway.domain.rules.tiers import TierRule
from gateway.services.cards.offering import claims_of, of_card
from gateway.storage.cards.cards import Card
from gateway.storage.cards.postings import Question
from gateway.storage.cards.transaction_rows import HistoryLine
from gateway.storage.people.merchants import Location, Merchant
from gateway.storage.unit import Unit

HISTORY_ROWS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class CardView:
    """A card with the promise it is under, what it can have, and its latest history.

    `claims` are the rewards, those that can be had first; `deadlines` what ends and when, soonest
    first, `waiting` what is held back until when; `needs` what is missing for its tiers.
    `time_zone` is the one its moments are told in, and `language` its customer's. `pictures` has
    our name for the image of each reward, as far as we have it. What a program that ended still
    hands out can be had until `redeemable_until`; `is_over` is after that.
    """

    merchant: Merchant
    card: Card
    version: ProgramVersion
    claims: Sequence[Claim]
    reserved: Sequence[Redemption]
    deadlines: Sequence[Part]
    waiting: Sequence[Part]
    needs: TierNeeds | None
    history: Sequence[HistoryLine]
    time_zone: str
    language: str
    pictures: Mapping[str, str]
    has_apple_pass: bool
    redeemable_until: datetime | None
    is_over: bool


async def view_card(unit: Unit, card: Card) -> CardView:
    """Read what is shown of a card today; what it remembers is as it reads today."""
    locations = await unit.merchants.locations()
    version = await unit.programs.version(card.program_version_id)
    today = business_day(unit.now, await unit.merchants.clock(None))
    until = card.redeemable_until(version.plan)
    claims = await claims_of(unit, of_card(card, version))
    images = [claim.reward.design.image for claim in claims if claim.reward.design.image]
    return CardView(
        merchant=await unit.merchants.me(),
        card=card.on(version.plan, today),
        version=version,
        claims=claims,
        reserved=await unit.redemptions.open_of_card(card.id),
        deadlines=await unit.lots.deadlines(card.id, unit.now),
        waiting=await unit.lots.waiting(card.id),
        needs=await _needs(unit, card, version.plan, locations),
        history=await unit.transactions.history(card.id, HISTORY_ROWS),
        time_zone=locations[0].clock.time_zone if locations else "UTC",
        language=(await unit.customers.one(card.customer_id)).language,
        pictures=await unit.pictures.kept(images),
        has_apple_pass=await unit.merchants.pass_type() is not None,
        redeemable_until=until,
        is_over=until is not None and until <= unit.now,
    )


async def _needs(
    unit: Unit, card: Card, plan: Plan, locations: Sequence[Location]
) -> TierNeeds | None:
    """Return what a card lacks for the next tier and to keep its own; None without tiers."""
    rule = next((each for each in plan.rules if isinstance(each, TierRule)), None)
    if rule is None or not locations:
        return None
    ledger = await unit.ledger()
    (reading,) = await ledger.read([Question(unit.merchant_id, card.id, "", "")])
    assert reading.standing is not None, "the card was read before"
    return points_needed(rule, reading.standing, business_day(unit.now, locations[0].clock))

"""Tier reviews: on evaluation days a card keeps its tier, is warned, or falls."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

from gateway.domain.business_day import business_day
from gateway.domain.cards import CardStatus, Standing
from gateway.domain.events.tiers import TierDowngradeAnnounced, TierDowngraded
from gateway.domain.people import Principal
from gateway.domain.rules.looking_back import look_back_days
from gateway.domain.rules.tier_reviews import TierReview, Verdict, evaluate_tier
from gateway.domain.rules.tiers import TierRule
from gateway.services.cards.posting import Lost
from gateway.storage.cards.postings import Question
from gateway.storage.unit import Unit, Units

STEPS_MAX = 40
"""How many days that were missed one review makes up for; the next run goes on."""


async def review_tier(
    units: Units, principal: Principal, card_id: UUID, new_id: Callable[[], UUID]
) -> bool:
    """Look whether a card still deserves its tier, day by day since the last review.

    Return False when the card changed meanwhile: then nothing happened, and it stays due.
    """
    try:
        async with units(principal.merchant_id) as unit:
            standing = await _standing(unit, principal, card_id)
            if standing is not None:
                await _review(unit, standing, new_id)
    except Lost:
        return False
    return True


async def _review(unit: Unit, standing: Standing, new_id: Callable[[], UUID]) -> None:
    """Review what is due up to today; raises `Lost` when the card changed meanwhile."""
    today = business_day(unit.now, await unit.merchants.clock(None))
    due_on = await unit.upkeep.tier_review_on(standing.card_id)
    if due_on is None or due_on > today:
        return
    plan = (await unit.programs.version(standing.program_version_id)).plan
    rule = next((rule for rule in plan.rules if isinstance(rule, TierRule)), None)
    held, next_on = standing, date.max
    if rule is not None and standing.card_status is not CardStatus.MERGED:
        since = due_on - timedelta(days=look_back_days(plan) + 1)
        held = replace(standing, days=await unit.sales.days(standing.card_id, since))
        next_on = due_on
        for _ in range(STEPS_MAX):
            review = evaluate_tier(rule, held, next_on)
            held, next_on = await _follow(unit, rule, held, review, new_id), review.next_on
            if next_on > today:
                break
    if not await unit.upkeep.review_tier(held.card_id, standing.version, held.memory, next_on):
        raise Lost


async def _follow(
    unit: Unit, rule: TierRule, held: Standing, review: TierReview, new_id: Callable[[], UUID]
) -> Standing:
    """Do what a review says; return the card after it."""
    left = replace(held, memory={**held.memory, rule.key: review.memory})
    move = review.move
    if review.verdict is Verdict.WARN:
        assert move is not None, "who is warned of a move is told which"
        assert review.moves_on is not None, "and when"
        unit.announce(
            TierDowngradeAnnounced(
                card_id=held.card_id,
                before=move.before,
                tier=move.tier,
                moves_on=review.moves_on.isoformat(),
            )
        )
    if review.verdict is not Verdict.DOWNGRADE:
        return left
    assert move is not None, "who falls is told where"
    unit.announce(TierDowngraded(card_id=held.card_id, before=move.before, tier=move.tier))
    await unit.upkeep.move_tier(held.card_id, new_id(), move, "review", unit.now)
    return replace(left, tier=move.tier, tier_since=unit.now)


async def _standing(unit: Unit, principal: Principal, card_id: UUID) -> Standing | None:
    ledger = await unit.ledger()
    key = f"review:{card_id}"
    (reading,) = await ledger.read([Question(principal.merchant_id, card_id, principal.name, key)])
    return reading.standing

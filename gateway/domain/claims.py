"""What a card can have right now, and what is missing for the rest, in plain words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from gateway.domain.cards import CardStatus
from gateway.domain.errors import CardBlocked, NotEnough, Refusal
from gateway.domain.ledger import Account, Balances, balance
from gateway.domain.program_life import redeemable_until
from gateway.domain.programs import ProgramStatus
from gateway.domain.rewards import Reward, tiers_of
from gateway.domain.rules.keys import POINT, STAMP, VOUCHER_PREFIX
from gateway.domain.rules.plan import Plan


class RewardNotAvailable(Refusal):
    """This reward cannot be had at the moment."""

    code = "reward_not_available"


class TierTooLow(Refusal):
    """This reward is for customers of a higher tier."""

    code = "tier_too_low"


class RewardLimitReached(Refusal):
    """This customer had this reward as often as they may."""

    code = "reward_limit_reached"


class SoldOut(Refusal):
    """This reward is sold out."""

    code = "sold_out"


class RedeemingOver(Refusal):
    """The program ended, and so did the time to redeem what was collected."""

    code = "redeeming_over"


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimant:
    """A card before the counter.

    `plan` is of the version that holds for the card, `had` how often it took each reward, by the
    reward's id, without what was cancelled, ran out or was taken back.
    """

    card_status: CardStatus
    program_status: ProgramStatus
    program_ended_at: datetime | None
    plan: Plan
    balances: Balances
    tier: str | None
    had: Mapping[UUID, int] = field(default_factory=dict)
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A reward as a card stands to it: `obstacle` is why it cannot have it now, if it cannot."""

    reward: Reward
    obstacle: Refusal | None
    missing: int

    @property
    def is_ready(self) -> bool:
        """Whether the card can have it now."""
        return self.obstacle is None

    @property
    def sentence(self) -> str:
        """What to tell the customer, "" when it is ready."""
        return self.obstacle.sentence if self.obstacle else ""


def claims(rewards: Iterable[Reward], claimant: Claimant) -> tuple[Claim, ...]:
    """Return how a card stands to each reward, those it can have now first.

    What is off the shelf and what its customer has no part in is left out: rewards that are not
    active or whose time is over, and vouchers that were not earned.
    """
    found = [
        Claim(
            reward=reward,
            obstacle=obstacle(reward, claimant),
            missing=missing(reward, claimant.balances),
        )
        for reward in rewards
        if _is_shown(reward, claimant)
    ]
    return tuple(sorted(found, key=lambda claim: (not claim.is_ready, claim.missing)))


def obstacle(reward: Reward, claimant: Claimant) -> Refusal | None:
    """Return why a card cannot have a reward now, or None.

    The order is: card, program, the reward itself, tier, how often, stock, and last the price,
    so that nobody collects for what they could not have.
    """
    return (
        _stopped(claimant)
        or _off_the_shelf(reward, claimant.now)
        or _tier_too_low(reward, claimant)
        or _had_enough(reward, claimant)
        or (SoldOut(f"{reward.name} is sold out.") if reward.stock == 0 else None)
        or _too_little(reward, claimant.balances)
    )


def missing(reward: Reward, balances: Balances) -> int:
    """Return how much of its unit a card still needs for a reward."""
    return max(reward.cost - balance(balances, reward.unit, Account.AVAILABLE), 0)


def _is_shown(reward: Reward, claimant: Claimant) -> bool:
    design = reward.design
    is_over = design.valid_until is not None and design.valid_until <= claimant.now
    is_unearned = reward.unit.startswith(VOUCHER_PREFIX) and missing(reward, claimant.balances)
    return design.active and not is_over and not is_unearned


def _stopped(claimant: Claimant) -> Refusal | None:
    """An ended or paused program still honours what was earned, an ended one for its grace."""
    if claimant.card_status is not CardStatus.ACTIVE:
        return CardBlocked()
    ended_at = claimant.program_ended_at
    if claimant.program_status is ProgramStatus.ENDED and ended_at is not None:
        until = redeemable_until(ended_at, claimant.plan.grace_days)
        if claimant.now >= until:
            return RedeemingOver(until=until)
    return None


def _off_the_shelf(reward: Reward, now: datetime) -> Refusal | None:
    begins, ends = reward.design.valid_from, reward.design.valid_until
    if not reward.design.active:
        return RewardNotAvailable(f"{reward.name} is not on offer any more.")
    if begins is not None and now < begins:
        return RewardNotAvailable(f"{reward.name} is on offer later.", valid_from=begins)
    if ends is not None and now >= ends:
        return RewardNotAvailable(f"{reward.name} is not on offer any more.", valid_until=ends)
    return None


def _tier_too_low(reward: Reward, claimant: Claimant) -> Refusal | None:
    """A tier that the plan no longer has is reached by those alone who still hold it."""
    least = reward.design.tier_min
    if least is None or claimant.tier == least:
        return None
    names = {tier.key: tier.name for tier in tiers_of(claimant.plan)}
    order = list(names)
    is_reached = claimant.tier in names and least in names
    if is_reached and order.index(str(claimant.tier)) > order.index(least):
        return None
    return TierTooLow(f"{reward.name} is for {names.get(least, least)} members.", tier_min=least)


def _had_enough(reward: Reward, claimant: Claimant) -> Refusal | None:
    most, had = reward.design.per_member_max, claimant.had.get(reward.id, 0)
    if most is None or had < most:
        return None
    times = "once" if most == 1 else f"{most} times"
    return RewardLimitReached(f"Each customer gets {reward.name} {times}.", per_member_max=most)


def _too_little(reward: Reward, balances: Balances) -> Refusal | None:
    more = missing(reward, balances)
    if not more:
        return None
    return NotEnough(_missing_words(reward, more), missing=more, unit=reward.unit)


def _missing_words(reward: Reward, more: int) -> str:
    if reward.unit.startswith(VOUCHER_PREFIX):
        return f"{reward.name} is not earned yet."
    if reward.unit in {POINT, STAMP}:
        return f"{more:,} more {reward.unit}{'' if more == 1 else 's'} to go for {reward.name}."
    return f"{more:,} more to go for {reward.name}."

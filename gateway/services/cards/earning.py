"""What an earning leaves behind: the decision to post, the facts to announce."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from uuid import UUID

from gateway.domain.cards import Standing
from gateway.domain.earning.sliding import ends_after_use
from gateway.domain.events.balances import PointsEarned
from gateway.domain.events.base import Event
from gateway.domain.events.cards import CardStamped
from gateway.domain.events.rewards import RewardEarned
from gateway.domain.events.tiers import TierUpgraded
from gateway.domain.ledger import LOTTED, Account, TransactionKind, after, balance
from gateway.domain.programs import ProgramVersion
from gateway.domain.progress import progress_of
from gateway.domain.reversals import UNDO_SECONDS_MAX
from gateway.domain.rules.budgets import program_budgets
from gateway.domain.rules.keys import POINT, REMAINDER_PREFIX, VOUCHER_PREFIX
from gateway.domain.rules.outcomes import Outcome, RuleMemory
from gateway.presenters.answers import Stamped, amounts, explained, shown
from gateway.presenters.card_face import held_name
from gateway.services.cards.posting import Decision
from gateway.storage.cards.postings import Announcement, BudgetUse


# Without slots, which leave no place for what is worked out once and asked for often.
@dataclass(frozen=True, kw_only=True)
class Earning:
    """An event that was evaluated: the card before it, what it was judged by, the result."""

    standing: Standing
    version: ProgramVersion
    outcome: Outcome
    transaction_id: UUID
    location_id: UUID | None
    now: datetime

    @cached_property
    def after(self) -> Standing:
        """The card as it stands once the earning is posted."""
        move = self.outcome.tier_move
        return replace(
            self.standing,
            balances=after(self.standing.balances, self.outcome.transfers),
            memory={**self.standing.memory, **self.outcome.memory},
            last_earned_at=self.outcome.last_earned_at or self.standing.last_earned_at,
            tier=move.tier if move else self.standing.tier,
            tier_since=self.now if move else self.standing.tier_since,
        )

    @property
    def left(self) -> Standing:
        """The card after it; what is told of late does not make its last earning older."""
        left, before = self.after, self.standing.last_earned_at
        if before is None or left.last_earned_at is None:
            return left
        return replace(left, last_earned_at=max(left.last_earned_at, before))

    def given(self) -> dict[str, int]:
        """Return how much came onto the card, by unit, whether it can be spent yet or not."""
        given: dict[str, int] = {}
        for transfer in self.outcome.transfers:
            sign = (transfer.destination in LOTTED) - (transfer.source in LOTTED)
            if not transfer.unit.startswith(REMAINDER_PREFIX):
                given[transfer.unit] = given.get(transfer.unit, 0) + sign * transfer.amount
        return given


def decision_of(earning: Earning) -> Decision:
    """Return the decision to post an earning, without facts and an answer."""
    standing, outcome = earning.standing, earning.outcome
    assert outcome.day is not None, "only a refusal has no day"
    return Decision(
        transaction_id=earning.transaction_id,
        kind=TransactionKind.EARN,
        transfers=outcome.transfers,
        standing=earning.left,
        facts=(),
        body="",
        day=outcome.day,
        location_id=earning.location_id,
        explanations=outcome.explanations,
        earned_before=standing.last_earned_at,
        memory_before=_remembered(standing, outcome) if outcome.memory else None,
        tier_review_on=_review_on(earning),
        budgets=_budget_uses(earning),
        slides=_slides(earning),
    )


def announcements_of(earning: Earning, new_id: Callable[[], UUID]) -> tuple[Announcement, ...]:
    """Return the earning's facts, each with the id it keeps on its way out."""
    return tuple(
        Announcement(id=new_id(), type=fact.type, data=fact.data()) for fact in facts_of(earning)
    )


def stamped(earning: Earning, occurred_at: datetime) -> Stamped:
    """Return the answer to a visit that happened at a moment."""
    left = earning.after
    return Stamped(
        card_id=left.card_id,
        transaction_id=earning.transaction_id,
        occurred_at=occurred_at,
        given=amounts(earning.given()),
        rewards_earned=earning.outcome.rewards_earned,
        progress=shown(progress_of(earning.version.plan, left.balances, left.memory)),
        tier=left.tier,
        tier_name=held_name(earning.version.plan, left.tier),
        undo_until=earning.now + timedelta(seconds=UNDO_SECONDS_MAX),
        explanations=explained(earning.outcome.explanations),
    )


def facts_of(earning: Earning) -> list[Event]:
    """Return what is to be told: what was earned, rewards that became ready, a tier reached."""
    facts = [_earned(earning, unit, amount) for unit, amount in _worth_telling(earning)]
    left, move = earning.after, earning.outcome.tier_move
    if earning.outcome.rewards_earned:
        progress = progress_of(earning.version.plan, left.balances, left.memory)
        facts.append(
            RewardEarned(card_id=left.card_id, rewards_ready=max(progress.rewards_ready, 1))
        )
    if move and move.tier is not None:
        facts.append(TierUpgraded(card_id=left.card_id, before=move.before, tier=move.tier))
    return facts


def _worth_telling(earning: Earning) -> list[tuple[str, int]]:
    return [
        (unit, amount)
        for unit, amount in earning.given().items()
        if amount and not unit.startswith(VOUCHER_PREFIX)
    ]


def _earned(earning: Earning, unit: str, amount: int) -> Event:
    balances = earning.after.balances
    available = balance(balances, unit, Account.AVAILABLE)
    if unit == POINT:
        return PointsEarned(
            card_id=earning.standing.card_id,
            transaction_id=earning.transaction_id,
            points=amount,
            balance=available,
            pending=balance(balances, unit, Account.PENDING),
        )
    return CardStamped(
        card_id=earning.standing.card_id,
        transaction_id=earning.transaction_id,
        unit=unit,
        stamps=amount,
        balance=available,
    )


def _remembered(standing: Standing, outcome: Outcome) -> Mapping[str, RuleMemory]:
    """Return what the card remembered before, of the rules whose memory changes."""
    return {key: standing.memory.get(key, RuleMemory()) for key in outcome.memory}


def _review_on(earning: Earning) -> date | None:
    """Return when a tier that was just reached is looked at first: the day after."""
    day = earning.outcome.day
    return day.day + timedelta(days=1) if earning.outcome.tier_move and day else None


def _budget_uses(earning: Earning) -> tuple[BudgetUse, ...]:
    most = program_budgets(earning.version.plan)
    return tuple(
        BudgetUse(cap=key, delta=delta, most=most[key])
        for key, delta in earning.outcome.budgets.items()
    )


def _slides(earning: Earning) -> dict[str, datetime]:
    """Return until when the card has what it has; a sale that earns nothing is no use of it."""
    basis = earning.outcome.basis
    if basis is None or not basis.earned:
        return {}
    units = earning.after.balances
    return ends_after_use(earning.version.plan, units, basis.earned_at, basis.clock)

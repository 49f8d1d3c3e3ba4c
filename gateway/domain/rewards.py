"""Rewards: what a version promises and what the catalogue offers, each at a price in one unit."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated
from uuid import UUID

from gateway.domain.configurations.limits import Between, Characters, Items, Note, Pattern
from gateway.domain.ledger import AMOUNT_MAX
from gateway.domain.programs import ProgramVersion
from gateway.domain.rules.keys import Category, Key, voucher
from gateway.domain.rules.plan import Plan, Rule
from gateway.domain.rules.promises import Promise
from gateway.domain.rules.spending import SpendingRule
from gateway.domain.rules.stamps import PunchRule, StampRule
from gateway.domain.rules.tiers import Tier, TierRule
from gateway.domain.rules.visits import VisitRule
from gateway.domain.wording import Language

RESERVATION_MINUTES = 15
RESERVATION_MINUTES_MAX = 7 * 24 * 60
PER_MEMBER_MAX = 1_000
STOCK_MAX = 1_000_000

Name = Annotated[str, Characters(60)]
Description = Annotated[str, Characters(500)]
Terms = Annotated[str, Characters(1_000)]


@dataclass(frozen=True, slots=True, kw_only=True)
class RewardWords:
    """What customers read of a reward in one language."""

    name: Name
    description: Description | None = None
    terms: Terms | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RewardDesign:
    """What a reward is and costs, as a merchant writes it down; its stock is counted elsewhere."""

    name: Name
    unit: Annotated[
        str,
        Pattern(
            r"(?:voucher:)?[a-z][a-z0-9_]{0,19}",
            "A unit is what the program's cards collect, like point or stamp.",
        ),
        Note("What it is paid in: point, stamp, or another unit of the program's plan."),
    ]
    cost: Annotated[int, Between(1, AMOUNT_MAX, f"A reward costs 1 to {AMOUNT_MAX:,}.")]
    category: Category | None = None
    description: Description | None = None
    terms: Terms | None = None
    image: (
        Annotated[
            str,
            Pattern(r"https://[!-~]{1,490}", "An image is an address that begins with https://."),
        ]
        | None
    ) = None
    localised: Annotated[
        dict[Language, RewardWords], Items(0, len(Language)), Note("The words in other languages.")
    ] = field(default_factory=dict)
    tier_min: Annotated[Key, Note("The key of the lowest tier that gets it.")] | None = None
    per_member_max: (
        Annotated[
            int, Between(1, PER_MEMBER_MAX, f"A customer gets it 1 to {PER_MEMBER_MAX:,} times.")
        ]
        | None
    ) = None
    valid_from: datetime | None = None
    valid_until: datetime | None = None
    reservation_minutes: Annotated[
        int,
        Between(
            1,
            RESERVATION_MINUTES_MAX,
            f"A reward is set aside for 1 to {RESERVATION_MINUTES_MAX:,} minutes.",
        ),
    ] = RESERVATION_MINUTES
    needs_fulfilment: Annotated[
        bool, Note("Something is still to be done after it was redeemed, like sending it.")
    ] = False
    active: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Reward:
    """A reward that cards can be redeemed for.

    One that a version promises has its `program_version_id`, the `key` of what promised it and
    the `promise` itself, and never changes. One of the catalogue has none of these; `revision`
    counts its merchant's changes, and `stock` is what is left, None without end.
    """

    id: UUID
    program_id: UUID
    design: RewardDesign
    program_version_id: UUID | None = None
    key: str | None = None
    promise: Promise | None = None
    stock: int | None = None
    revision: int = 1

    @property
    def name(self) -> str:
        """What it is called where no language is known."""
        return self.design.name

    @property
    def unit(self) -> str:
        """The unit it costs."""
        return self.design.unit

    @property
    def cost(self) -> int:
        """How much of its unit it costs."""
        return self.design.cost

    def words(self, language: str) -> RewardWords:
        """Return what customers read of it in a language, or as its merchant wrote it first."""
        own = RewardWords(
            name=self.name, description=self.design.description, terms=self.design.terms
        )
        translated = self.design.localised.items()
        return next((words for name, words in translated if name == language), own)


@dataclass(frozen=True, slots=True, kw_only=True)
class Promised:
    """A reward that a version promises, by the key of its rule or of its place on the way."""

    key: str
    unit: str
    cost: int
    promise: Promise

    @property
    def design(self) -> RewardDesign:
        """The reward as the catalogue would hold it."""
        return RewardDesign(name=self.promise.description, unit=self.unit, cost=self.cost)


def promised(version: ProgramVersion) -> tuple[Promised, ...]:
    """Return every reward that a version promises.

    A full card costs its stamps; what costs nothing collected costs one voucher, which the rule
    gave when it was earned.
    """
    return tuple(each for rule in version.plan.rules for each in _promised_by(rule))


def _promised_by(rule: Rule) -> Iterator[Promised]:
    match rule:
        case StampRule() | PunchRule():
            yield Promised(key=rule.key, unit=rule.unit, cost=rule.target, promise=rule.reward)
            for milestone in rule.intermediate_rewards:
                unit = voucher(milestone.key)
                yield Promised(key=milestone.key, unit=unit, cost=1, promise=milestone.reward)
        case SpendingRule() | VisitRule():
            yield Promised(key=rule.key, unit=rule.unit, cost=1, promise=rule.reward)
        case _:
            return


def spendable(plan: Plan) -> tuple[str, ...]:
    """Return the units that the cards of a plan collect and that a reward can cost."""
    units = [rule.unit for rule in plan.rules if not isinstance(rule, TierRule)]
    milestones = [
        voucher(milestone.key)
        for rule in plan.rules
        if isinstance(rule, StampRule | PunchRule)
        for milestone in rule.intermediate_rewards
    ]
    return tuple(dict.fromkeys(units + milestones))


def tiers_of(plan: Plan) -> tuple[Tier, ...]:
    """Return the tiers of a plan, lowest first."""
    return tuple(tier for rule in plan.rules if isinstance(rule, TierRule) for tier in rule.tiers)

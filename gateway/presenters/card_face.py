"""A card whatever wallet shows it: the facts on it, by what its program counts."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from gateway.domain.ledger import Account, Balances
from gateway.domain.programs import ProgramVersion
from gateway.domain.progress import Progress, leading, progress_of, rule_progress
from gateway.domain.ready import Ready, ready_rewards
from gateway.domain.rules.keys import POINT
from gateway.domain.rules.outcomes import RuleMemory
from gateway.domain.rules.plan import Plan
from gateway.domain.rules.tiers import Tier, TierRule
from gateway.domain.wording import Language, fill
from gateway.presenters.card_phrases.card_phrases import Labels
from gateway.presenters.card_phrases.languages import CARD_PHRASES
from gateway.presenters.counting import day_text

NAME_CHARACTERS_MAX = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Prize:
    """Something of the merchant's catalogue, and how many points it costs."""

    name: str
    cost: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CardFace:
    """Everything a card shows; `version` counts the card's changes.

    `site` is where the customer reaches us, `prizes` what points can be spent on, cheapest first,
    and `announcement` what the merchant last wrote to all. `stage` says that its program is
    paused or ended, in `language`, the one the card speaks, and `expires_at` until when the card
    of a program that ended can be used. On `falls_on` its tier is lost, as was announced.
    """

    merchant_name: str
    site: str
    code: str
    version: int
    program: ProgramVersion
    is_usable: bool
    language: Language = Language.EN
    stage: str = ""
    expires_at: datetime | None = None
    balances: Balances = field(default_factory=dict)
    memory: Mapping[str, RuleMemory] = field(default_factory=dict)
    tier: str | None = None
    falls_on: date | None = None
    prizes: tuple[Prize, ...] = ()
    opened_at: datetime
    last_earned_at: datetime | None
    announcement: str | None = None

    @property
    def labels(self) -> Labels:
        """What stands above its facts, in its language."""
        return CARD_PHRASES[self.language].labels

    @property
    def progress(self) -> Progress:
        """How far the card is by its leading rule."""
        return progress_of(self.program.plan, self.balances, self.memory)

    @property
    def others(self) -> tuple[Progress, ...]:
        """How far the card is by the other rules that count something, in plan order."""
        return other_progress(self.program.plan, self.balances, self.memory)

    @property
    def ready(self) -> tuple[Ready, ...]:
        """The rewards that can be collected."""
        return ready_rewards(self.program.plan, self.balances)

    @property
    def is_handing_out(self) -> bool:
        """Whether a reward of the card is on its way over the counter."""
        return any(accounts.get(Account.RESERVED, 0) > 0 for accounts in self.balances.values())

    @property
    def tier_name(self) -> str | None:
        """The tier's name for people, "None yet" below the first; None without tiers."""
        return tier_name(self.program.plan, self.tier, self.language)

    @property
    def level(self) -> str | None:
        """The tier's name, with the day on which it ends once that was announced."""
        if self.tier_name is None or self.falls_on is None:
            return self.tier_name
        gaps = {"level": self.tier_name, "day": day_text(self.falls_on, self.language)}
        return fill(self.labels.level_ends, gaps)

    @property
    def next_prize(self) -> Prize | None:
        """The cheapest prize that the points are not enough for."""
        points = self.balances.get(POINT, {}).get(Account.AVAILABLE, 0)
        return next((prize for prize in self.prizes if prize.cost > points), None)

    @property
    def prizes_ready(self) -> tuple[Prize, ...]:
        """The prizes that the points are enough for."""
        points = self.balances.get(POINT, {}).get(Account.AVAILABLE, 0)
        return tuple(prize for prize in self.prizes if prize.cost <= points)


def other_progress(
    plan: Plan, balances: Balances, memory: Mapping[str, RuleMemory]
) -> tuple[Progress, ...]:
    """Return how far a card is by all rules but the leading one and the tiers."""
    first = leading(plan)
    return tuple(
        rule_progress(plan, rule, balances, memory)
        for rule in plan.rules
        if rule is not first and not isinstance(rule, TierRule)
    )


def held_tier(plan: Plan, tier: str | None) -> Tier | None:
    """Return the tier with this key, unless the plan has it no more."""
    rules = (rule for rule in plan.rules if isinstance(rule, TierRule))
    return next((each for rule in rules for each in rule.tiers if each.key == tier), None)


def held_name(plan: Plan, tier: str | None) -> str | None:
    """Return the name for people of the tier with this key; None for none."""
    held = held_tier(plan, tier)
    return held.name if held else None


def has_tiers(plan: Plan) -> bool:
    """Say whether a plan has tiers."""
    return any(isinstance(rule, TierRule) for rule in plan.rules)


def tier_name(plan: Plan, tier: str | None, language: Language = Language.EN) -> str | None:
    """Return a tier's name for people, "None yet" below the first; None without tiers."""
    if not has_tiers(plan):
        return None
    return held_name(plan, tier) or CARD_PHRASES[language].labels.no_level


def plain(text: str) -> str:
    """Leave out what does not print, such as marks that turn the writing round, and the surplus.

    Never empty: a pass without a name is refused.
    """
    kept = "".join(character for character in text if character.isprintable())
    return kept.strip()[:NAME_CHARACTERS_MAX] or "Loyalty card"

"""What a message's gaps are filled with: facts about one card, as its reader would say them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from gateway.domain.ledger import Balances
from gateway.domain.programs import ProgramVersion
from gateway.domain.progress import Counts, Progress, progress_of
from gateway.domain.rules.keys import POINT, STAMP
from gateway.domain.rules.outcomes import RuleMemory
from gateway.domain.rules.plan import Plan
from gateway.domain.wording import Language, fill
from gateway.domain.wording_placeholders import (
    BALANCE,
    CARD_LINK,
    EXPIRES_ON,
    EXPIRING,
    MERCHANT,
    MOVES_ON,
    OUTLOOK,
    PROGRAM,
    PROGRESS,
    REWARD,
    REWARDS_READY,
    STAMPS_MISSING,
    TIER,
    UNTIL,
)
from gateway.presenters.card_words import promised
from gateway.presenters.counting import (
    balance_text,
    count_text,
    day_text,
    progress_count,
    progress_text,
    rewards_text,
)
from gateway.presenters.phrases.languages import PHRASES
from gateway.presenters.unit_words import promise_of

_OWN_NAMES = frozenset({POINT, STAMP})


@dataclass(frozen=True, slots=True)
class Amount:
    """So much of a unit; `name` is what a voucher is good for, "" of anything else."""

    unit: str
    count: int
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageFacts:
    """What is known when a message is written; the last five only for the events about them.

    `tier` is the level's name, "" for none yet.
    """

    merchant: str
    program: str
    reward: str
    progress: Progress
    card_link: str
    expires_on: date | None = None
    expiring: Amount | None = None
    tier: str | None = None
    moves_on: date | None = None
    until: date | None = None


def card_facts(
    merchant_name: str,
    version: ProgramVersion,
    balances: Balances,
    memory: Mapping[str, RuleMemory],
    *,
    card_link: str = "",
) -> MessageFacts:
    """Return the facts about a card that stands like this; a wallet shows no links."""
    return MessageFacts(
        merchant=merchant_name,
        program=version.name,
        reward=promised(version.plan),
        progress=progress_of(version.plan, balances, memory),
        card_link=card_link,
    )


def amount_of(plan: Plan, unit: str, count: int) -> Amount:
    """Return so much of a unit of a plan, named if it is a voucher."""
    promise = promise_of(plan, unit)
    return Amount(unit, count, promise.description if promise and unit not in _OWN_NAMES else "")


def values_of(
    facts: MessageFacts, language: Language, *, is_short: bool = False
) -> dict[str, str]:
    """Return the value of every placeholder there are facts for; `is_short` is for an SMS."""
    progress = facts.progress
    values = {
        MERCHANT.name: facts.merchant,
        PROGRAM.name: facts.program,
        REWARD.name: facts.reward,
        PROGRESS.name: progress_text(progress, language),
        STAMPS_MISSING.name: progress_count(progress, progress.missing or 0, language),
        BALANCE.name: balance_text(progress, language),
        OUTLOOK.name: outlook_text(facts, language),
        REWARDS_READY.name: rewards_text(progress.rewards_ready, language),
        CARD_LINK.name: facts.card_link,
    }
    days = {EXPIRES_ON: facts.expires_on, MOVES_ON: facts.moves_on, UNTIL: facts.until}
    values |= {
        gap.name: day_text(day, language, is_short=is_short) for gap, day in days.items() if day
    }
    if facts.expiring is not None:
        values[EXPIRING.name] = amount_text(facts.expiring, language)
    if facts.tier is not None:
        values[TIER.name] = facts.tier or PHRASES[language].outlooks.no_level
    return values


def outlook_text(facts: MessageFacts, language: Language) -> str:
    """Return what comes next, as a sentence."""
    outlooks, progress = PHRASES[language].outlooks, facts.progress
    if progress.missing is None:
        return outlooks.points
    missing = progress_count(progress, progress.missing, language)
    return fill(outlooks.reward, {"missing": missing, "reward": facts.reward})


def amount_text(amount: Amount, language: Language) -> str:
    """Return an amount in words: 120 points, 2 × Free coffee."""
    match amount:
        case Amount(unit="point", count=count):
            return count_text(Counts.POINTS, count, language)
        case Amount(unit="stamp", count=count):
            return count_text(Counts.STAMPS, count, language)
        case Amount(count=1, name=name) if name:
            return name
        case Amount(count=count, name=name) if name:
            return f"{count} x {name}"
        case _:
            return f"{amount.count} {amount.unit}"

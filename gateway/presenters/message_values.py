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
from gateway.presenters.phrases.languages import PHRASES
from gateway.presenters.phrases.phrases import Counting
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
    counting, progress = PHRASES[language].counting, facts.progress
    values = {
        MERCHANT.name: facts.merchant,
        PROGRAM.name: facts.program,
        REWARD.name: facts.reward,
        PROGRESS.name: progress_text(progress, language),
        STAMPS_MISSING.name: counted(progress, progress.missing or 0, language),
        BALANCE.name: balance_text(progress, language),
        OUTLOOK.name: outlook_text(facts, language),
        REWARDS_READY.name: _rewards(progress.rewards_ready, counting),
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


def progress_text(progress: Progress, language: Language) -> str:
    """Return how far a card is, such as `6 von 10`; where nothing is to be filled, how much."""
    counting = PHRASES[language].counting
    if progress.target is None:
        return counted(progress, progress.count, language)
    numbers = {
        "stamps": _number(progress, progress.count, counting),
        "target": _number(progress, progress.target, counting),
    }
    return fill(counting.progress, numbers)


def balance_text(progress: Progress, language: Language) -> str:
    """Return how far a card is with what it counts, such as `6 von 10 Stempeln`."""
    counting = PHRASES[language].counting
    phrase = {
        Counts.STAMPS: counting.stamps_of,
        Counts.PUNCHES: counting.stamps_of,
        Counts.VISITS: counting.visits_of,
    }.get(progress.counts)
    if progress.target is None:
        return counted(progress, progress.count, language)
    if phrase is None:
        return f"{progress_text(progress, language)} {progress.unit}"
    return fill(phrase, {"count": str(progress.count), "target": str(progress.target)})


def outlook_text(facts: MessageFacts, language: Language) -> str:
    """Return what comes next, as a sentence."""
    outlooks, progress = PHRASES[language].outlooks, facts.progress
    if progress.missing is None:
        return outlooks.points
    missing = counted(progress, progress.missing, language)
    return fill(outlooks.reward, {"missing": missing, "reward": facts.reward})


def counted(progress: Progress, count: int, language: Language) -> str:
    """Return so many of what a card counts, such as `4 Stempel` or `87,50 EUR`."""
    counting = PHRASES[language].counting
    match progress.counts:
        case Counts.MONEY:
            return f"{_number(progress, count, counting)} {progress.unit}"
        case Counts.VISITS:
            return _counted(count, counting.one_visit, counting.visits, counting)
        case Counts.POINTS:
            return _counted(count, counting.one_point, counting.points, counting)
        case _:
            return _counted(count, counting.one_stamp, counting.stamps, counting)


def amount_text(amount: Amount, language: Language) -> str:
    """Return an amount in words: 120 points, 2 × Free coffee."""
    counting = PHRASES[language].counting
    match amount:
        case Amount(unit="point", count=count):
            return _counted(count, counting.one_point, counting.points, counting)
        case Amount(unit="stamp", count=count):
            return _counted(count, counting.one_stamp, counting.stamps, counting)
        case Amount(count=1, name=name) if name:
            return name
        case Amount(count=count, name=name) if name:
            return f"{count} x {name}"
        case _:
            return f"{amount.count} {amount.unit}"


def day_text(day: date, language: Language, *, is_short: bool = False) -> str:
    """Return a day as its readers write it; `is_short` with the letters an SMS can afford."""
    counting = PHRASES[language].counting
    parts = {
        "day": counting.first if day.day == 1 and not is_short else str(day.day),
        "month": counting.months[day.month - 1],
        "number": str(day.month),
        "year": str(day.year),
    }
    return fill(counting.short_day if is_short else counting.day, parts)


def _number(progress: Progress, number: int, counting: Counting) -> str:
    english = progress.written(number)
    return english.translate({ord(","): counting.thousands, ord("."): counting.decimal})


def _rewards(count: int, counting: Counting) -> str:
    return _counted(count, counting.one_reward, counting.rewards, counting)


def _counted(count: int, one: str, many: str, counting: Counting) -> str:
    if count == 1:
        return one
    if count == 0 and counting.is_none_one:
        return one.replace("1", "0")
    return fill(many, {"count": f"{count:,}".replace(",", counting.thousands)})

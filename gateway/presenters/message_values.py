"""What a message's gaps are filled with: facts about one card, as its reader would say them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from gateway.domain.ledger import Balances
from gateway.domain.programs import ProgramVersion
from gateway.domain.progress import Progress, progress_of
from gateway.domain.rules.outcomes import RuleMemory
from gateway.domain.wording import Language, fill
from gateway.domain.wording_placeholders import (
    CARD_LINK,
    EXPIRES_ON,
    MERCHANT,
    PROGRAM,
    PROGRESS,
    REWARD,
    REWARDS_READY,
    STAMPS_MISSING,
    TIER,
)
from gateway.presenters.card_words import promised
from gateway.presenters.phrases.languages import PHRASES
from gateway.presenters.phrases.phrases import Counting


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageFacts:
    """What is known when a message is written; the last two only for the events about them."""

    merchant: str
    program: str
    reward: str
    progress: Progress
    card_link: str
    expires_on: date | None = None
    tier: str | None = None


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
        STAMPS_MISSING.name: _stamps(progress.missing or 0, counting),
        REWARDS_READY.name: _rewards(progress.rewards_ready, counting),
        CARD_LINK.name: facts.card_link,
    }
    if facts.expires_on is not None:
        values[EXPIRES_ON.name] = day_text(facts.expires_on, language, is_short=is_short)
    if facts.tier is not None:
        values[TIER.name] = facts.tier
    return values


def progress_text(progress: Progress, language: Language) -> str:
    """Return how far a card is, such as `6 von 10`."""
    numbers = {"stamps": str(progress.count), "target": str(progress.target)}
    return fill(PHRASES[language].counting.progress, numbers)


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


def _stamps(count: int, counting: Counting) -> str:
    return _counted(count, counting.one_stamp, counting.stamps, counting)


def _rewards(count: int, counting: Counting) -> str:
    return _counted(count, counting.one_reward, counting.rewards, counting)


def _counted(count: int, one: str, many: str, counting: Counting) -> str:
    if count == 1:
        return one
    if count == 0 and counting.is_none_one:
        return one.replace("1", "0")
    return fill(many, {"count": str(count)})

"""The card as our pages draw it: dots or a number for the eye, the same in words for everybody."""

from collections.abc import Mapping
from dataclasses import dataclass

from gateway.domain.ledger import Account, Balances, balance
from gateway.domain.programs import Look, ProgramVersion
from gateway.domain.progress import Counts, Progress, progress_of
from gateway.domain.rules.keys import POINT
from gateway.domain.rules.outcomes import RuleMemory
from gateway.domain.rules.plan import Plan
from gateway.domain.wording import Language, fill
from gateway.presenters.card_face import has_tiers, held_name, other_progress
from gateway.presenters.card_phrases.card_phrases import Labels
from gateway.presenters.card_phrases.languages import CARD_PHRASES
from gateway.presenters.card_words import promised, standing
from gateway.presenters.counting import (
    count_text,
    number_text,
    plural_text,
    progress_count,
    progress_text,
)

_COLUMNS = {2: 2, 3: 3, 4: 4, 5: 5, 6: 3, 7: 4, 8: 4, 9: 5, 10: 5, 12: 6, 15: 5, 16: 8, 20: 5}
_COLUMNS_OF_MANY = 6
_COLUMNS_OF_VERY_MANY = 10
_MANY = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class WebCard:
    """What is drawn of a card; nothing in it is personal but its language.

    `reward` is what the leading rule promises, "" when nothing; `others` what else it counts,
    `held_back` the points that cannot be spent yet, and `tier` the level's name, "" for none yet
    and None where there are no levels.
    """

    merchant: str
    program: str
    reward: str
    look: Look
    progress: Progress
    others: tuple[Progress, ...] = ()
    held_back: int = 0
    tier: str | None = None
    language: Language = Language.EN

    @property
    def labels(self) -> Labels:
        """What stands above the card's facts."""
        return CARD_PHRASES[self.language].labels

    @property
    def name(self) -> str:
        """What the number counts, as it stands above it."""
        return self.labels.counted[self.progress.counts]

    @property
    def text(self) -> str:
        """How far the card is, for everybody who cannot see dots: 6 of 10."""
        return progress_text(self.progress, self.language)

    @property
    def number(self) -> str:
        """The number alone, as large as a card without dots shows it."""
        return number_text(self.progress.written(self.progress.count), self.language)

    @property
    def beside(self) -> str:
        """What stands beside the large number: points, of 100.00 EUR, of 5 visits."""
        shown, phrases = self.progress, CARD_PHRASES[self.language].standing
        if shown.target is None:
            return phrases.beside[shown.counts]
        target = number_text(shown.written(shown.target), self.language)
        unit = f" {shown.unit}" if shown.counts is Counts.MONEY else ""
        return fill(phrases.beside[shown.counts], {"target": f"{target}{unit}"})

    @property
    def dots(self) -> list[bool]:
        """Each stamp's place, and whether it is taken; none when something else is counted."""
        if not self.progress.has_places:
            return []
        return [place < self.progress.count for place in range(self.progress.target or 0)]

    @property
    def columns(self) -> int:
        """How many places stand side by side, so that rows come out even."""
        target = self.progress.target or 0
        if target > _MANY:
            return _COLUMNS_OF_VERY_MANY
        return _COLUMNS.get(target, _COLUMNS_OF_MANY)

    @property
    def sentence(self) -> str:
        """What comes next, in words."""
        shown, phrases = self.progress, CARD_PHRASES[self.language].standing
        if shown.rewards_ready:
            return phrases.collect
        if shown.missing is None:
            return standing(shown, self.language)
        if shown.counts is Counts.MONEY:
            amount = progress_count(shown, shown.missing, self.language)
            return fill(phrases.to_go_money, {"amount": amount})
        return plural_text(phrases.to_go[shown.counts], shown.missing, self.language)

    @property
    def also(self) -> list[tuple[str, str]]:
        """What else stands on the card: its name and how far it is."""
        labels = self.labels
        lines = [
            (labels.counted[other.counts], progress_text(other, self.language))
            for other in self.others
        ]
        if self.held_back:
            points = count_text(Counts.POINTS, self.held_back, self.language)
            lines.append((labels.held_back, points))
        if self.tier is None:
            return lines
        return [*lines, (labels.level, self.tier or labels.no_level)]

    @property
    def look_name(self) -> str:
        """The colours as they stand in a stylesheet's address."""
        return look_name(self.look)


def draw(
    merchant: str,
    version: ProgramVersion,
    balances: Balances,
    memory: Mapping[str, RuleMemory],
    tier: str | None = None,
) -> WebCard:
    """Return the card of a merchant's program as it stands with these balances, in English."""
    return WebCard(
        merchant=merchant,
        program=version.name,
        reward=promised(version.plan),
        look=version.look,
        progress=progress_of(version.plan, balances, memory),
        others=other_progress(version.plan, balances, memory),
        held_back=balance(balances, POINT, Account.PENDING),
        tier=_level(version.plan, tier),
    )


def draw_new(merchant: str, version: ProgramVersion) -> WebCard:
    """Return the card of a merchant's program as everybody begins with it."""
    return draw(merchant, version, {}, {})


def _level(plan: Plan, tier: str | None) -> str | None:
    return held_name(plan, tier) or "" if has_tiers(plan) else None


def look_name(look: Look) -> str:
    """Return `background-foreground-label`, six hexadecimal digits each."""
    return "-".join(colour[1:] for colour in (look.background, look.foreground, look.label))

"""The card as our pages draw it: dots or a number for the eye, the same in words for everybody."""

from collections.abc import Mapping
from dataclasses import dataclass

from gateway.domain.ledger import Account, Balances, balance
from gateway.domain.programs import Look, ProgramVersion
from gateway.domain.progress import Counts, Progress, progress_of
from gateway.domain.rules.keys import POINT
from gateway.domain.rules.outcomes import RuleMemory
from gateway.presenters.card_face import NAMES, other_progress, tier_name
from gateway.presenters.card_words import counted, promised

_COLUMNS = {2: 2, 3: 3, 4: 4, 5: 5, 6: 3, 7: 4, 8: 4, 9: 5, 10: 5, 12: 6, 15: 5, 16: 8, 20: 5}
_COLUMNS_OF_MANY = 6
_COLUMNS_OF_VERY_MANY = 10
_MANY = 30
_ONE = {Counts.STAMPS: "stamp", Counts.PUNCHES: "punch", Counts.VISITS: "visit"}
_SEVERAL = {Counts.STAMPS: "stamps", Counts.PUNCHES: "punches", Counts.VISITS: "visits"}


@dataclass(frozen=True, slots=True, kw_only=True)
class WebCard:
    """What is drawn of a card; nothing in it is personal.

    `reward` is what the leading rule promises, "" when nothing; `others` what else it counts, and
    `held_back` the points that cannot be spent yet.
    """

    merchant: str
    program: str
    reward: str
    look: Look
    progress: Progress
    others: tuple[Progress, ...] = ()
    held_back: int = 0
    tier: str | None = None

    @property
    def name(self) -> str:
        """What the number counts, as it stands above it."""
        return NAMES[self.progress.counts]

    @property
    def number(self) -> str:
        """The number alone, as large as a card without dots shows it."""
        return self.progress.written(self.progress.count)

    @property
    def beside(self) -> str:
        """What stands beside the large number: points, of 100.00 EUR, of 5 visits."""
        shown = self.progress
        if shown.target is None:
            return "points" if shown.counts is Counts.POINTS else shown.unit
        name = shown.unit if shown.counts is Counts.MONEY else self.name.lower()
        return f"of {shown.written(shown.target)} {name}"

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
        shown = self.progress
        if shown.rewards_ready:
            return "Show your code to collect your reward."
        if shown.missing is None:
            return f"You have {counted(shown)}."
        missing = shown.written(shown.missing)
        if shown.counts is Counts.MONEY:
            return f"{missing} {shown.unit} more to go."
        names = _ONE if shown.missing == 1 else _SEVERAL
        return f"{missing} more {names.get(shown.counts, shown.unit)} to go."

    @property
    def also(self) -> list[tuple[str, str]]:
        """What else stands on the card: its name and how far it is."""
        lines = [(NAMES[other.counts], other.text) for other in self.others]
        if self.held_back:
            lines.append(("Not to be spent yet", f"{self.held_back:,} points"))
        return [*lines, ("Level", self.tier)] if self.tier else lines

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
    """Return the card of a merchant's program as it stands with these balances."""
    return WebCard(
        merchant=merchant,
        program=version.name,
        reward=promised(version.plan),
        look=version.look,
        progress=progress_of(version.plan, balances, memory),
        others=other_progress(version.plan, balances, memory),
        held_back=balance(balances, POINT, Account.PENDING),
        tier=tier_name(version.plan, tier),
    )


def draw_new(merchant: str, version: ProgramVersion) -> WebCard:
    """Return the card of a merchant's program as everybody begins with it."""
    return draw(merchant, version, {}, {})


def look_name(look: Look) -> str:
    """Return `background-foreground-label`, six hexadecimal digits each."""
    return "-".join(colour[1:] for colour in (look.background, look.foreground, look.label))

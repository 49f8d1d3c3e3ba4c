"""The stamp card as our pages draw it: dots for the eye, the same in words for everybody."""

from dataclasses import dataclass

from gateway.domain.cards import Progress, progress
from gateway.domain.programs import Look, ProgramVersion

_COLUMNS = {2: 2, 3: 3, 4: 4, 5: 5, 6: 3, 7: 4, 8: 4, 9: 5, 10: 5, 12: 6, 15: 5, 16: 8, 20: 5}
_COLUMNS_OF_MANY = 6
_COLUMNS_OF_VERY_MANY = 10
_MANY = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class WebCard:
    """What is drawn of a card; nothing in it is personal."""

    merchant: str
    program: str
    reward: str
    look: Look
    progress: Progress

    @property
    def dots(self) -> list[bool]:
        """Each stamp's place, and whether it is taken."""
        return [place < self.progress.stamps for place in range(self.progress.target)]

    @property
    def columns(self) -> int:
        """How many places stand side by side, so that rows come out even."""
        target = self.progress.target
        if target > _MANY:
            return _COLUMNS_OF_VERY_MANY
        return _COLUMNS.get(target, _COLUMNS_OF_MANY)

    @property
    def missing(self) -> int:
        """How many stamps are missing for the next reward."""
        return self.progress.target - self.progress.stamps

    @property
    def sentence(self) -> str:
        """What comes next, in words."""
        if self.progress.rewards_ready:
            return "Show your code to collect your reward."
        stamps = "stamp" if self.missing == 1 else "stamps"
        return f"{self.missing} more {stamps} to go."

    @property
    def look_name(self) -> str:
        """The colours as they stand in a stylesheet's address."""
        return look_name(self.look)


def draw(merchant: str, version: ProgramVersion, available: int) -> WebCard:
    """Return the card of a merchant's program with `available` stamps on it."""
    return WebCard(
        merchant=merchant,
        program=version.name,
        reward=version.rule.reward,
        look=version.look,
        progress=progress(available, version.rule.target),
    )


def look_name(look: Look) -> str:
    """Return `background-foreground-label`, six hexadecimal digits each."""
    return "-".join(colour[1:] for colour in (look.background, look.foreground, look.label))

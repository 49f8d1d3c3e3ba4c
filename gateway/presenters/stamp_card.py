"""A stamp card whatever wallet shows it: the facts on it, and the sentences that say them."""

from dataclasses import dataclass
from datetime import datetime

from gateway.domain.cards import Progress, progress
from gateway.domain.programs import ProgramVersion, StampRule

NAME_CHARACTERS_MAX = 60
UNUSABLE = "This card can no longer be used. Please ask at the counter."


@dataclass(frozen=True, slots=True, kw_only=True)
class StampCardFace:
    """Everything a stamp card shows; `version` counts the card's changes.

    `site` is where the customer reaches us, `announcement` what the merchant last wrote to all.
    """

    merchant_name: str
    site: str
    code: str
    version: int
    program: ProgramVersion
    is_usable: bool
    available: int
    reserved: int
    opened_at: datetime
    last_earned_at: datetime | None
    announcement: str | None = None

    @property
    def progress(self) -> Progress:
        """How far the card is."""
        return progress(self.available, self.program.rule.target)


def news(face: StampCardFace) -> str:
    """Say in one sentence how the card stands: what the lock screen shows after a change."""
    if not face.is_usable:
        return UNUSABLE
    shown, reward = face.progress, face.program.rule.reward
    if face.reserved:
        return f"Your reward is being handed out: {reward}."
    if shown.rewards_ready and shown.stamps == shown.target:
        return f"Your card is full! Your reward is ready: {reward}."
    if shown.rewards_ready:
        return f"Your reward is ready: {reward}. {shown.text} stamps towards the next."
    missing = shown.target - shown.stamps
    return f"You have {shown.text} stamps. {missing} more for your reward: {reward}."


def plain(text: str) -> str:
    """Leave out what does not print, such as marks that turn the writing round, and the surplus.

    Never empty: a pass without a name is refused.
    """
    kept = "".join(character for character in text if character.isprintable())
    return kept.strip()[:NAME_CHARACTERS_MAX] or "Stamp card"


def how_it_works(rule: StampRule) -> str:
    """Say what the customer does, and what comes of it."""
    return (
        f"Show this code when you pay. Each visit gives one stamp; "
        f"{rule.target} stamps make one reward: {rule.reward}. Stamps beyond that count "
        f"towards the next."
    )


def terms(rule: StampRule) -> str:
    """Say the limits that the engine keeps."""
    minutes = int(rule.cooldown.total_seconds() // 60)
    pause = f"The next stamp is possible {minutes} minutes after the last. " if minutes else ""
    return (
        f"{pause}At most {rule.daily_limit} stamps a day. Stamps cannot be sold, transferred "
        f"or paid out."
    )

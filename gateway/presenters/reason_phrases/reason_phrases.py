"""The reasons in one language, by the stable codes that software reads them by."""

from collections.abc import Mapping
from dataclasses import dataclass

from gateway.presenters.phrases.plurals import Plural


@dataclass(frozen=True, slots=True, kw_only=True)
class Obstacles:
    """Why a card cannot have a reward now; gap `reward`, but for the first two."""

    blocked: str
    over: str
    ended: str
    later: str
    level: str
    """Gap `level` too."""
    once: str
    """Each customer has it once at most; `so_often` says how often, more than once."""
    so_often: str
    sold_out: str
    not_earned: str
    missing: Mapping[str, Plural]
    """By what the reward is paid in."""
    missing_other: str
    """Gap `count` too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Earnings:
    """What came of a visit that gave nothing: the first words, and behind them why."""

    nothing: str
    counted: str
    """It gave nothing yet, but it counts."""
    reasons: Mapping[str, str]
    below_minimum: str
    """Gap `amount`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonPhrases:
    """Everything in one language."""

    obstacles: Obstacles
    earnings: Earnings

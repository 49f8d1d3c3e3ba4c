"""RFM: recency, frequency and money in quintiles, and the cell of customers they make.

The grid of recency by frequency is the widely copied one of ten names, with the corner of those
who came once, long ago, as an eleventh, Lost. Money is shown beside it and names nothing.
"""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

QUINTILES = 5
POPULATION_MIN = 50

_DAYS_SINCE_FIXED = (8, 31, 61, 121)
_VISITS_FIXED = (2, 3, 5, 10)

Subject = TypeVar("Subject")


class RfmCell(StrEnum):
    """What a customer is by how lately and how often they came."""

    CHAMPIONS = "champions"
    LOYAL = "loyal"
    POTENTIAL_LOYALIST = "potential_loyalist"
    NEW = "new"
    PROMISING = "promising"
    NEED_ATTENTION = "need_attention"
    ABOUT_TO_SLEEP = "about_to_sleep"
    AT_RISK = "at_risk"
    CANNOT_LOSE = "cannot_lose"
    HIBERNATING = "hibernating"
    LOST = "lost"


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """What a customer did up to a reference day: days since the last paid visit, visits, money.

    `visits` and `spent` (in minor units) are those within the window that is looked at.
    """

    days_since: int
    visits: int
    spent: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RfmScore:
    """A customer's three quintiles, 1 to 5 with 5 best."""

    recency: int
    frequency: int
    money: int

    @property
    def cell(self) -> RfmCell:
        """The cell of the grid."""
        return _GRID[self.recency - 1][self.frequency - 1]


_C = RfmCell
# A row per recency, from long ago to just now; in it a cell per frequency, from once to often.
_GRID = (
    (_C.LOST, _C.HIBERNATING, _C.AT_RISK, _C.AT_RISK, _C.CANNOT_LOSE),
    (_C.HIBERNATING, _C.HIBERNATING, _C.AT_RISK, _C.AT_RISK, _C.CANNOT_LOSE),
    (_C.ABOUT_TO_SLEEP, _C.ABOUT_TO_SLEEP, _C.NEED_ATTENTION, _C.LOYAL, _C.LOYAL),
    (_C.PROMISING, _C.POTENTIAL_LOYALIST, _C.POTENTIAL_LOYALIST, _C.LOYAL, _C.LOYAL),
    (_C.NEW, _C.POTENTIAL_LOYALIST, _C.POTENTIAL_LOYALIST, _C.CHAMPIONS, _C.CHAMPIONS),
)


def scores(activities: Mapping[Subject, Activity]) -> dict[Subject, RfmScore]:
    """Return everybody's quintiles among all the others.

    Ties share the quintile of the first of them, so equal customers are equal. Fifths of fewer
    than 50 customers say little: then recency is 5 to 1 for up to 7, 30, 60, 120 and more days,
    frequency 1 to 5 for 1, 2, 3, 5, and 10 visits or more, and only money is still a fifth.
    """
    money = _quintiles({who: each.spent for who, each in activities.items()})
    if len(activities) < POPULATION_MIN:
        recency = {who: _recency_fixed(each) for who, each in activities.items()}
        frequency = {who: _frequency_fixed(each) for who, each in activities.items()}
    else:
        recency = _quintiles({who: -each.days_since for who, each in activities.items()})
        frequency = _quintiles({who: each.visits for who, each in activities.items()})
    return {
        who: RfmScore(recency=recency[who], frequency=frequency[who], money=money[who])
        for who in activities
    }


def _recency_fixed(activity: Activity) -> int:
    return QUINTILES - bisect_right(_DAYS_SINCE_FIXED, activity.days_since)


def _frequency_fixed(activity: Activity) -> int:
    return 1 + bisect_right(_VISITS_FIXED, activity.visits)


def _quintiles(values: Mapping[Subject, int]) -> dict[Subject, int]:
    """Return for each value the fifth of the ranking in which the values like it begin."""
    ranking = sorted(values.values())
    ranks: dict[int, int] = {}
    for place, value in enumerate(ranking):
        ranks.setdefault(value, place)
    return {who: ranks[value] * QUINTILES // len(ranking) + 1 for who, value in values.items()}

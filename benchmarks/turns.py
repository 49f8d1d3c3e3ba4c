"""Measuring rivals in turns: on a noisy machine only what ran side by side can be compared."""

import statistics
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from benchmarks.tools import ToolMissing

Figure = float | str
"""A number, or why there is none."""
Figures = dict[str, Figure]


@dataclass(frozen=True, slots=True)
class Rates:
    """What each rival reached in each turn, per second; `skipped` says why some did not run."""

    reached: Mapping[str, list[float]]
    skipped: Mapping[str, str]

    def median(self, name: str) -> Figure:
        """Return a rival's median rate."""
        return self.skipped.get(name) or round(statistics.median(self.reached[name]))

    def ratio(self, name: str, limit: str) -> Figure:
        """Return the median of the turns' ratios to `limit`, which share the machine's moods."""
        missing = self.skipped.get(name) or self.skipped.get(limit)
        if missing is not None:
            return missing
        pairs = zip(self.reached[name], self.reached[limit], strict=True)
        return round(statistics.median(mine / theirs for mine, theirs in pairs), 3)


async def take_turns(rivals: Mapping[str, Callable[[], Awaitable[float]]], turns: int) -> Rates:
    """Measure the rivals one after the other, `turns` times; a missing tool skips its own row."""
    reached: dict[str, list[float]] = {name: [] for name in rivals}
    skipped: dict[str, str] = {}
    for _ in range(turns):
        for name, measure in rivals.items():
            if name in skipped:
                continue
            try:
                reached[name].append(await measure())
            except ToolMissing as missing:
                skipped[name] = str(missing)
    return Rates(reached, skipped)


def percentile(values: list[float], percent: int) -> float:
    """Return the value that `percent` of all values do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)]

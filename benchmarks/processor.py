"""Processor time of another process: what else a machine does distorts it less than the clock."""

import math
import os
from pathlib import Path

from benchmarks.turns import Figure

_PROC = Path("/proc")
# Of `proc_pid_stat(5)`, counted from what follows the name: user and system time, in ticks.
_USER, _SYSTEM = 11, 12


def seconds(process_id: int) -> float:
    """Return what a process used so far; not a number where the system does not say."""
    if not (_PROC / "self/stat").exists():
        return math.nan
    said = (_PROC / str(process_id) / "stat").read_text().rpartition(")")[2].split()
    return (int(said[_USER]) + int(said[_SYSTEM])) / os.sysconf("SC_CLK_TCK")


def microseconds_each(used: float, count: float) -> Figure:
    """Return what each of `count` requests cost of the seconds used, or why nobody knows."""
    return "not measured: needs Linux" if math.isnan(used) else round(used / count * 1_000_000)

"""The table and the JSON of a run: every figure beside what must hold."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from benchmarks.turns import Figure, Figures


class Verdict(StrEnum):
    """What a figure says about its promise."""

    HELD = "held"
    MISSED = "MISSED"
    UNKNOWN = "not measured"


@dataclass(frozen=True, slots=True)
class Hold:
    """What a figure must be: at least, or below, a number."""

    at_least: float | None = None
    below: float | None = None

    def verdict(self, figure: Figure) -> Verdict:
        """Judge a figure; one that was skipped is neither held nor missed."""
        if isinstance(figure, str):
            return Verdict.UNKNOWN
        is_held = (self.at_least is None or figure >= self.at_least) and (
            self.below is None or figure < self.below
        )
        return Verdict.HELD if is_held else Verdict.MISSED

    def __str__(self) -> str:
        return f"at least {self.at_least:g}" if self.below is None else f"below {self.below:g}"


HOLDS = {
    "passes.ratio_500_kb_to_rsa_2048": Hold(at_least=0.40),
    "stamps.ratio_one_by_one_to_pgbench": Hold(at_least=0.40),
    "stamps.ratio_group_commit_to_pgbench": Hold(at_least=1.0),
    "rules.slowest_validation_ms": Hold(below=50),
    # Deciding may cost so many times what writing the decision down does.
    "rules.lowest_ratio_to_bare_outcome": Hold(at_least=0.02),
    # A unit of work has its round trips; less would mean new ones.
    "sales.ratio_sales_to_pgbench": Hold(at_least=0.05),
    "programs.slowest_list_ms_p95": Hold(below=200),
    # Somebody stands at the till and waits.
    "pos.slowest_verb_ms_p95": Hold(below=500),
    # A merchant's size is nobody's business at the counter.
    "million.worst_ratio_of_one_card_or_page": Hold(below=1.5),
    # Flat: what a card did before costs nothing.
    "history.worst_ratio": Hold(below=1.5),
    "pushes.ratio_to_h2load": Hold(at_least=0.50),
    # A client that spends more on a call than the wire does holds up what runs beside it.
    "google.ratio_to_bare_aiohttp": Hold(at_least=0.50),
    # A connection per mail is what everybody gets for nothing; keeping some must be worth it.
    "mails.ratio_to_aiosmtplib_send": Hold(at_least=1.5),
    # Rows, signatures and the log are most of the work; less would mean a query per delivery.
    "webhooks.ratio_to_bare_client": Hold(at_least=0.10),
    # Written down chunk by chunk, a hundred thousand are no list in memory.
    "campaign.snapshot_seconds": Hold(below=120),
    "campaign.worker_megabytes_grown": Hold(below=100),
    # Those at the counter come first.
    "campaign.till_stamp_p95_ratio": Hold(below=2.01),
    "campaign.full_stamp_p95_ratio": Hold(below=2.01),
    "latency.commit_to_push_ms_p50": Hold(below=250),
}


def table(figures: Mapping[str, Figures], holds: Mapping[str, Hold] = HOLDS) -> str:
    """Lay out the figures of each benchmark, with what must hold and whether it does."""
    width = max(len(name) for rows in figures.values() for name in rows)
    lines = [f"{'':{width}}    {'measured':>10}"]
    for benchmark, rows in figures.items():
        lines += ["", benchmark]
        for name, figure in rows.items():
            hold = holds.get(f"{benchmark}.{name}")
            verdict = f"  {hold.verdict(figure)} ({hold})" if hold else ""
            shown = name.replace("_", " ")
            lines.append(f"  {shown:{width}}  {_written(figure):>10}{verdict}")
    return "\n".join(lines)


def record(
    figures: Mapping[str, Figures],
    about: Mapping[str, object],
    holds: Mapping[str, Hold] = HOLDS,
) -> str:
    """Write a run as JSON: what is said `about` it, and each figure with its hold and verdict."""
    rows = {
        f"{benchmark}.{name}": _row(figure, holds.get(f"{benchmark}.{name}"))
        for benchmark, measured in figures.items()
        for name, figure in measured.items()
    }
    return json.dumps({**about, "figures": rows}, indent=2) + "\n"


def missed(figures: Mapping[str, Figures], holds: Mapping[str, Hold] = HOLDS) -> list[str]:
    """Return the names of the figures that break their promise."""
    return [
        f"{benchmark}.{name}"
        for benchmark, rows in figures.items()
        for name, figure in rows.items()
        if (hold := holds.get(f"{benchmark}.{name}")) and hold.verdict(figure) is Verdict.MISSED
    ]


def _row(figure: Figure, hold: Hold | None) -> dict[str, Figure]:
    row: dict[str, Figure] = {"measured": figure}
    return row if hold is None else row | {"hold": str(hold), "verdict": hold.verdict(figure)}


def _written(figure: Figure) -> str:
    if isinstance(figure, str):
        return figure
    return f"{figure:,.0f}" if figure >= 1_000 else f"{figure:,.2f}"

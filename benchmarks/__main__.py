"""Runs every benchmark, prints one table beside what must hold, and saves the figures as JSON."""

import argparse
import importlib
import os
import platform
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import structlog
import uvloop

from benchmarks.table import missed, record, table
from benchmarks.tools import ToolMissing
from benchmarks.turns import Figures

NAMES = (
    "passes",
    "rules",
    "stamps",
    "sales",
    "stamps_http",
    "pos",
    "history",
    "million",
    "programs",
    "apple",
    "pushes",
    "google",
    "mails",
    "webhooks",
    "campaign",
    "latency",
    "memory",
)
RESULTS = Path(".data/benchmarks")


def main() -> None:
    """Measure what is asked for, all by default; exit with 1 when a ratio does not hold."""
    parser = argparse.ArgumentParser(prog="make bench")
    parser.add_argument("names", nargs="*", metavar="name", help=f"of {', '.join(NAMES)}")
    parser.add_argument("--cards", type=int, help="how many cards `million` loads")
    asked = parser.parse_args()
    chosen = asked.names or NAMES
    if not set(chosen) <= set(NAMES):
        parser.error(f"choose from {', '.join(NAMES)}")
    _quieten()
    started, load = time.monotonic(), os.getloadavg()[0]
    options = {"million": {"cards": asked.cards}} if asked.cards else {}
    figures = {name: _measured(name, **options.get(name, {})) for name in chosen}
    print(f"\n{table(figures)}\n")
    about = {"load_before": round(load, 2), "seconds": round(time.monotonic() - started)}
    print(f"load before {load:.2f}, {about['seconds']} s, saved as {_save(figures, about)}")
    if broken := missed(figures):
        sys.exit(f"missed: {', '.join(broken)}")


def _measured(name: str, **options: int) -> Figures:
    print(f"measuring {name} …", flush=True)
    measure = importlib.import_module(f"benchmarks.{name}").measure
    try:
        return dict(uvloop.run(measure(**options)))
    except ToolMissing as missing:
        return {"all": str(missing)}


def _quieten() -> None:
    """Keep the events of what runs in this process out of the table."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))


def _save(figures: dict[str, Figures], about: dict[str, float]) -> Path:
    now = datetime.now(UTC)
    RESULTS.mkdir(parents=True, exist_ok=True)
    path = RESULTS / f"{now:%Y-%m-%dT%H%M%S}.json"
    machine = {"python": platform.python_version(), "cores": os.cpu_count()}
    path.write_text(record(figures, {"at": now.isoformat(), **machine, **about}))
    return path


if __name__ == "__main__":
    main()

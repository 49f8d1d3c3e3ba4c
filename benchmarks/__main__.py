"""Runs every benchmark, prints one table beside what must hold, and saves the figures as JSON."""

import argparse
import asyncio
import importlib
import json
import os
import platform
import sys
from datetime import UTC, datetime
from pathlib import Path

import uvloop

NAMES = ("passes", "stamps", "stamps_http", "web", "apple", "pushes", "latency", "memory")
RESULTS = Path(".data/benchmarks")

HOLD: dict[str, float] = {
    "passes.ratio_500kb": 0.40,
    "stamps.ratio_one_by_one": 0.40,
    "stamps.ratio_group_commit": 1.0,
    "pushes.ratio": 0.50,
}


def main() -> None:
    """Measure what is asked for, all by default; exit with 1 when a ratio does not hold."""
    parser = argparse.ArgumentParser(prog="make bench")
    parser.add_argument("names", nargs="*", choices=[*NAMES, []], help="which; all by default")
    chosen = parser.parse_args().names or NAMES
    figures = {f"{name}.{figure}": value for name in chosen for figure, value in _run(name)}
    print(_table(figures))
    print(f"saved as {_save(figures)}")
    sys.exit(any(figures.get(name, least) < least for name, least in HOLD.items()))


def _run(name: str) -> list[tuple[str, float]]:
    print(f"measuring {name} …", flush=True)
    module = importlib.import_module(f"benchmarks.{name}")
    return list(uvloop.run(module.measure()).items())


def _table(figures: dict[str, float]) -> str:
    width = max(map(len, figures))
    lines = [f"{'figure':{width}}  {'measured':>12}  {'must hold':>9}"]
    for name, value in figures.items():
        least = f"{HOLD[name]:9.2f}" if name in HOLD else ""
        lines.append(f"{name:{width}}  {value:12,.2f}  {least}")
    return "\n".join(lines)


def _save(figures: dict[str, float]) -> Path:
    now = datetime.now(UTC)
    RESULTS.mkdir(parents=True, exist_ok=True)
    path = RESULTS / f"{now:%Y-%m-%dT%H%M%S}.json"
    machine = {"python": platform.python_version(), "cores": os.cpu_count()}
    path.write_text(json.dumps({"at": now.isoformat(), **machine, "figures": figures}, indent=2))
    return path


if __name__ == "__main__":
    main()

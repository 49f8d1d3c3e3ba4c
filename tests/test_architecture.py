"""The import contracts of pyproject.toml hold, and each of them really fails when broken."""

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("gateway", "migrations", "passes", "sandbox", "workers")

# For each contract: a file that breaks it, its only line, and how the report names the crime.
PLANTS = {
    "Houses: the sandbox above workers above the gateway above passes": (
        "gateway/web/planted_house.py",
        "import workers.channels.planted_door",
        "gateway.web.planted_house -> workers.channels.planted_door",
    ),
    "Floors of the gateway": (
        "gateway/planted_floor.py",
        "",
        "planted_floor",
    ),
    "Floors of the workers": (
        "workers/planted_floor.py",
        "",
        "planted_floor",
    ),
    "Rules wait for nothing and know no library": (
        "gateway/domain/planted_rule.py",
        "import asyncio",
        "gateway.domain.planted_rule -> asyncio",
    ),
    "Passes is a library: no database, web, queue, event loop or clock": (
        "passes/planted_clock.py",
        "import time",
        "passes.planted_clock -> time",
    ),
    "Looks are pure": (
        "gateway/presenters/planted_look.py",
        "import redis",
        "gateway.presenters.planted_look -> redis",
    ),
    "Only storage speaks SQL": (
        "gateway/services/planted_query.py",
        "import sqlalchemy",
        "gateway.services.planted_query -> sqlalchemy",
    ),
    "aiohttp lives in the doors, the channels and the sandbox": (
        "gateway/services/planted_server.py",
        "import aiohttp",
        "gateway.services.planted_server -> aiohttp",
    ),
    "The queue is the workers' affair": (
        "gateway/services/planted_queue.py",
        "import arq",
        "gateway.services.planted_queue -> arq",
    ),
    "Workers never open a door": (
        "workers/channels/planted_door.py",
        "import gateway.web.routes",
        "workers.channels.planted_door -> gateway.web.routes",
    ),
    "No circles": (
        "passes/apple/planted_circle.py",
        "import passes.apple.planted_other",
        "No cycles are allowed in passes.apple.",
    ),
}
OTHER_HALF = ("passes/apple/planted_other.py", "import passes.apple.planted_circle")


def lint(folder: Path) -> tuple[int, str]:
    """Run import-linter on the packages in a folder; returns its exit code and report."""
    run = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        capture_output=True,
        cwd=folder,
        check=False,
        env=os.environ | {"COLUMNS": "200", "NO_COLOR": "1"},
        text=True,
    )
    return run.returncode, run.stdout


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for package in PACKAGES:
        keep = shutil.ignore_patterns("__pycache__", "node_modules", "vendor")
        shutil.copytree(ROOT / package, tmp_path / package, ignore=keep)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_the_code_keeps_its_directions() -> None:
    """Every contract holds for the code as it is."""
    code, report = lint(ROOT)

    assert code == 0, report


def test_each_contract_fails_when_it_is_broken(copy: Path) -> None:
    """One violation of each contract, planted in a copy, is found and named."""
    for path, line in (*((path, line) for path, line, _ in PLANTS.values()), OTHER_HALF):
        copy.joinpath(path).write_text(f'"""Planted."""\n{line}\n')

    code, report = lint(copy)

    assert code == 1
    broken = report.partition("Broken contracts")[2]
    for name, (_, _, crime) in PLANTS.items():
        assert f"{name} BROKEN" in report, name
        assert crime in broken, name


def test_each_contract_has_its_plant() -> None:
    """A contract nobody has seen fail proves nothing."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]

    assert [contract["name"] for contract in settings["contracts"]] == list(PLANTS)

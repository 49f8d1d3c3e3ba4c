"""What `make bench` says: held, missed or not measured, and never a crash for a missing tool."""

import json

import pytest

from benchmarks import __main__ as bench
from benchmarks import tools, turns
from benchmarks.table import HOLDS, Hold, Verdict, missed, record, table
from benchmarks.tools import ToolMissing
from benchmarks.turns import take_turns

FIGURES: dict[str, turns.Figures] = {
    "stamps": {"per_second": 12_345.6, "ratio": 0.39},
    "pushes": {"ratio": "skipped: needs h2load, Debian package nghttp2-client", "ms": 1.25},
}
PROMISES = {
    "stamps.ratio": Hold(at_least=0.40),
    "pushes.ratio": Hold(at_least=0.50),
    "pushes.ms": Hold(below=250),
}


@pytest.mark.parametrize(
    ("hold", "figure", "verdict"),
    [
        (Hold(at_least=0.40), 0.40, Verdict.HELD),
        (Hold(at_least=0.40), 0.399, Verdict.MISSED),
        (Hold(below=250), 249.9, Verdict.HELD),
        (Hold(below=250), 250.0, Verdict.MISSED),
        (Hold(at_least=0.40), "skipped", Verdict.UNKNOWN),
    ],
)
def test_a_promise_is_judged_at_its_edge(hold: Hold, figure: turns.Figure, verdict: str) -> None:
    """At least includes the number, below does not, and what was skipped is neither."""
    assert hold.verdict(figure) == verdict


def test_the_table_shows_each_figure_beside_its_promise() -> None:
    """One line per figure, under the name of its benchmark; skipped rows say what to install."""
    lines = [line.split() for line in table(FIGURES, PROMISES).splitlines()]
    assert ["stamps"] in lines
    assert ["per", "second", "12,346"] in lines
    assert ["ratio", "0.39", "MISSED", "(at", "least", "0.4)"] in lines
    assert ["ms", "1.25", "held", "(below", "250)"] in lines
    (skipped,) = (line for line in lines if "skipped:" in line)
    assert skipped[-5:] == ["not", "measured", "(at", "least", "0.5)"]


def test_only_broken_promises_fail_the_run() -> None:
    """A figure that was not measured breaks nothing."""
    assert missed(FIGURES, PROMISES) == ["stamps.ratio"]


def test_the_json_can_be_read_back() -> None:
    """Each figure is there by its full name, with its promise and the verdict."""
    read = json.loads(record(FIGURES, {"cores": 2}, PROMISES))
    assert read["cores"] == 2
    assert read["figures"]["stamps.ratio"] == {
        "measured": 0.39,
        "hold": "at least 0.4",
        "verdict": "MISSED",
    }
    assert read["figures"]["stamps.per_second"] == {"measured": 12_345.6}


def test_every_promise_is_of_a_benchmark_that_runs() -> None:
    """A promise about a benchmark that is not run would hold for ever."""
    assert {name.partition(".")[0] for name in HOLDS} <= set(bench.NAMES)


async def test_rivals_are_compared_turn_by_turn() -> None:
    """The ratio is the median of each turn's own, so that a slow moment slows both."""
    limits, ours = iter((100.0, 10.0, 100.0)), iter((50.0, 5.0, 10.0))

    async def limit() -> float:
        return next(limits)

    async def mine() -> float:
        return next(ours)

    rates = await take_turns({"limit": limit, "mine": mine}, 3)
    assert rates.median("limit") == 100
    assert rates.ratio("mine", "limit") == 0.5


async def test_a_missing_tool_skips_its_own_rows() -> None:
    """The others are measured, and the ratio says what is missing."""

    async def limit() -> float:
        raise ToolMissing("wrk")

    async def mine() -> float:
        return 7.0

    rates = await take_turns({"limit": limit, "mine": mine}, 2)
    assert rates.median("mine") == 7
    sentence = "skipped: needs wrk, Debian package wrk"
    assert rates.median("limit") == rates.ratio("mine", "limit") == sentence


@pytest.mark.parametrize("name", tools.DEBIAN_PACKAGES)
def test_a_tool_that_is_not_there_is_named(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a machine without any of them each says which package brings it."""
    monkeypatch.setattr(tools, "_of_a_wheel", lambda _name: None)
    monkeypatch.setenv("PATH", "/nonexistent")
    with pytest.raises(ToolMissing, match=f"needs {name}, Debian package"):
        tools.tool(name)

"""One way of asking an HTTP server as often as it can answer: wrk, which reports as JSON."""

import json
import statistics
import tempfile
from dataclasses import dataclass

from benchmarks.tools import output_of
from benchmarks.turns import Figures

_REPORT = """
done = function(summary, latency, requests)
  local errors = summary.errors
  io.write(string.format(
    '\\nreport {"requests": %d, "microseconds": %d, "p50": %d, "p95": %d, "p99": %d, '
    .. '"failed": %d}\\n',
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(95),
    latency:percentile(99),
    errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
"""


@dataclass(frozen=True, slots=True)
class Load:
    """What a server did in one turn: requests per second, and latencies in milliseconds."""

    per_second: float
    p50: float
    p95: float
    p99: float


async def wrk(url: str, *, connections: int, seconds: int, script: str = "") -> Load:
    """Ask over and over with as many connections; `script` is Lua that shapes the requests.

    Every answer must be a success: one that is not would be measured for its quickness.
    """
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as file:
        file.write(script + _REPORT)
        file.flush()
        options = ("-t1", f"-c{connections}", f"-d{seconds}s", "--latency", "-s", file.name)
        said = await output_of("wrk", *options, url)
    line = next(line for line in said.splitlines() if line.startswith("report "))
    report = json.loads(line.removeprefix("report "))
    assert report["failed"] == 0, said
    return Load(
        per_second=report["requests"] / report["microseconds"] * 1_000_000,
        p50=report["p50"] / 1_000,
        p95=report["p95"] / 1_000,
        p99=report["p99"] / 1_000,
    )


def latencies(loads: list[Load]) -> Figures:
    """Return the medians of all turns' percentiles, in milliseconds; nothing without a turn."""
    if not loads:
        return {}
    columns = {name: [getattr(load, name) for load in loads] for name in ("p50", "p95", "p99")}
    return {f"ms_{name}": round(statistics.median(each), 2) for name, each in columns.items()}

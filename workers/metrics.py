"""What the worker measures for whoever watches over it, in Prometheus' text format.

https://prometheus.io/docs/practices/naming/
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from prometheus_client import CollectorRegistry, Counter, Gauge, start_http_server


class Metrics:
    """Every number of the worker; none is kept per merchant, of whom there may be many."""

    def __init__(self) -> None:
        """Register the numbers."""
        self.registry = CollectorRegistry()
        self.violations = Gauge(
            "loyalty_invariant_violations",
            "Violations found when all books were last looked at",
            ["name"],
            registry=self.registry,
        )
        self.examined_at = Gauge(
            "loyalty_invariant_last_success_timestamp_seconds",
            "When all books were last looked at to the end",
            registry=self.registry,
        )
        self.checkpoints = Counter(
            "loyalty_ledger_checkpoints", "Checkpoints signed", registry=self.registry
        )

    def tell_violations(self, found: Mapping[str, int]) -> None:
        """Set how many violations of each invariant there are, zero where it holds."""
        for name, count in found.items():
            self.violations.labels(name).set(count)


@contextmanager
def served(metrics: Metrics, host: str, port: int | None) -> Iterator[None]:
    """Serve the numbers at http://host:port/metrics in a thread of its own, if there is a port."""
    if port is None:
        yield
        return
    server, thread = start_http_server(port, host, metrics.registry)
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()

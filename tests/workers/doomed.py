"""Real worker processes and a real Valkey, to be killed at any moment and started again."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import redis

from sandbox import processes, servers
from sandbox.ports import free_port

WORKERS = 2


@dataclass(slots=True)
class Servers:
    """Real worker processes and a real Valkey, to be killed and started again."""

    folder: Path
    variables: dict[str, str]
    redis_port: int
    stack: ExitStack = field(default_factory=ExitStack)
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)
    valkey: servers.ValkeyServer | None = None

    def start_worker(self) -> None:
        """Start one more worker."""
        with (self.folder / "worker.log").open("ab") as output:
            program = processes.Program(
                arguments=[sys.executable, "-m", "tests.workers.hasty_worker"],
                environment=os.environ | self.variables,
                output=output,
            )
            self.workers.append(processes.start(program))

    def start_redis(self) -> str:
        """Start Valkey on its data, which may be what a crash left; returns its URL."""
        running = servers.valkey(self.folder / "valkey", port=self.redis_port)
        self.valkey = self.stack.enter_context(running)
        return self.valkey.url

    def kill_worker(self) -> None:
        """End the oldest worker without a word and start another."""
        worker = self.workers.pop(0)
        worker.kill()
        worker.wait()
        self.start_worker()

    def kill_redis(self) -> None:
        """End Valkey without a word; it is missing until somebody starts it."""
        assert self.valkey is not None
        self.valkey.process.kill()
        self.valkey.process.wait()
        self.stack.close()

    def flush_redis(self) -> None:
        """Empty Valkey."""
        assert self.valkey is not None
        with redis.Redis.from_url(self.valkey.url) as connection:
            connection.flushall()

    def stop(self) -> None:
        """Stop everything."""
        for worker in self.workers:
            worker.send_signal(signal.SIGTERM)
        for worker in self.workers:
            processes.stop(worker)
        self.stack.close()


@contextmanager
def running_servers(folder: Path, variables: Mapping[str, str]) -> Iterator[Servers]:
    """Run two workers, in this environment but for their Valkey, and that."""
    running = Servers(folder, dict(variables), free_port())
    try:
        running.variables["PASSGATE_REDIS_URL"] = running.start_redis()
        for _ in range(WORKERS):
            running.start_worker()
        yield running
    finally:
        running.stop()

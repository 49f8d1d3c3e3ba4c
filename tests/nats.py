"""A throw-away NATS server with JetStream, which can be stopped and started again."""

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox import processes
from sandbox.ports import free_port

HOST = "127.0.0.1"
START_SECONDS_MAX = 30.0
POLL_SECONDS = 0.01
# Debian keeps servers where a person's PATH may not lead.
PATH = f"{os.environ.get('PATH', os.defpath)}:/usr/sbin:/usr/local/sbin"
USER, PASSWORD = "passgate", "hunter2"


class NatsServer:
    """One server on a fixed port; what it keeps survives its stop."""

    def __init__(self, program: str, folder: Path) -> None:
        self._program = program
        self._folder = folder
        self.port = free_port()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where it is, as which user."""
        return f"nats://{USER}:{PASSWORD}@{HOST}:{self.port}"

    def start(self) -> None:
        """Start it and wait until it answers."""
        with (self._folder / "nats.log").open("ab") as output:
            self._process = processes.start(
                processes.Program(arguments=self._command(), folder=self._folder, output=output)
            )
        deadline = time.monotonic() + START_SECONDS_MAX
        while not self._answers():
            assert self._process.poll() is None, "the NATS server ended while starting"
            assert time.monotonic() < deadline, "the NATS server did not become ready"
            time.sleep(POLL_SECONDS)

    def stop(self, request: signal.Signals = signal.SIGTERM) -> None:
        """Stop it; SIGKILL is the crash of its machine."""
        if self._process is not None:
            processes.stop(self._process, request)

    def _command(self) -> list[str]:
        place = ["--addr", HOST, "--port", str(self.port)]
        keeper = ["--jetstream", "--store_dir", str(self._folder / "store")]
        return [self._program, *place, *keeper, "--user", USER, "--pass", PASSWORD]

    def _answers(self) -> bool:
        try:
            with socket.create_connection((HOST, self.port), timeout=1) as connection:
                return connection.recv(5) == b"INFO "
        except OSError:
            return False


@pytest.fixture
def nats_server(tmp_path: Path) -> Iterator[NatsServer]:
    """A running server; without the program the test is skipped, and fails where CI is set."""
    program = shutil.which("nats-server", path=PATH)
    if program is None:
        message = "no nats-server found; install it from your distribution to run these tests"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    server = NatsServer(program, tmp_path)
    server.start()
    try:
        yield server
    finally:
        server.stop()

"""The whole of `make run` as a test may start it: on free ports, in a folder of its own."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sandbox.ports import free_port


@contextmanager
def running(folder: Path) -> Iterator[tuple[subprocess.Popen[str], list[str]]]:
    """Start the tree on free ports and give it with the lines it said until it was ready."""
    ports = {name: str(free_port()) for name in ("port", "sandbox-port")}
    ports["apns-port"] = str(free_port())
    for name in ("google-port", "mail-port", "sms-port"):
        ports[name] = str(free_port())
    options = [word for name, port in ports.items() for word in (f"--{name}", port)]
    process = subprocess.Popen(
        [sys.executable, "-m", "sandbox.run", "--folder", str(folder), *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout is not None
    with process, process.stdout as output:
        try:
            said = []
            for line in output:
                said.append(line)
                if line.startswith("Ctrl-C"):
                    break
            yield process, said
        finally:
            process.kill()

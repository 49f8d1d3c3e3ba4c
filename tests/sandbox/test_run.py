"""The process tree of `make run`: up with one command, gone with Ctrl-C."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from sandbox.installation import Ports
from sandbox.ports import HOST
from sandbox.run import StartError, _refuse_busy
from sandbox.server_folder import command_line
from tests.installations import running

STOP_SECONDS_MAX = 60.0
# Ourselves, two servers, web, worker, sandbox; PostgreSQL adds its own.
PROCESSES_MIN = 6


def family(root: int) -> list[int]:
    """Return the process numbers of everything that descends from a process."""
    listing = subprocess.run(["ps", "-A", "-o", "pid=,ppid="], capture_output=True, check=True)
    pairs = [tuple(map(int, line.split())) for line in listing.stdout.decode().splitlines()]
    members = [root]
    for member in members:
        members += [child for child, parent in pairs if parent == member]
    return members


def all_gone(members: list[int]) -> bool:
    """Wait until none of these processes runs any more."""
    deadline = time.monotonic() + STOP_SECONDS_MAX
    while any(command_line(member).strip() for member in members):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def test_it_says_one_address_and_leaves_nothing_behind(tmp_path: Path) -> None:
    """A person sees progress, an address and the log-ins; Ctrl-C ends every process."""
    with running(tmp_path) as (process, said):
        text = "".join(said)
        assert "starting PostgreSQL and Valkey" in text
        assert text.count(f"open  http://{HOST}:") == 1
        assert (tmp_path / "log-ins.txt").read_text() in text

        members = family(process.pid)
        assert len(members) > PROCESSES_MIN
        process.send_signal(signal.SIGINT)
        assert process.wait(STOP_SECONDS_MAX) == 0
    assert all_gone(members)

    with running(tmp_path) as (process, said):
        assert "filling in a demo merchant" not in "".join(said)
        assert process.poll() is None, said


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells children of a death")
def test_nothing_outlives_a_killed_parent(tmp_path: Path) -> None:
    """Kill -9 of the tree's root leaves no server and no process of ours."""
    with running(tmp_path) as (process, said):
        assert process.poll() is None, said
        members = family(process.pid)
    assert len(members) > PROCESSES_MIN
    assert all_gone(members)


def test_two_equal_ports_are_refused() -> None:
    """Else one of the two processes would find its port taken, and end everything."""
    with pytest.raises(StartError, match="two of the ports are the same"):
        _refuse_busy(Ports(web=8080, sandbox=8080))

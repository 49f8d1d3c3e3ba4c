"""Free ports: nobody is given the same one, neither here nor in another process."""

import socket
import subprocess
import sys

from sandbox.ports import BLOCK_PORTS, HOST, free_port

ASK = "from sandbox.ports import free_port; print(free_port(), free_port(), flush=True); input()"


def test_no_port_is_given_twice() -> None:
    """However many are chosen before the first of them is listened on."""
    chosen = [free_port() for _ in range(BLOCK_PORTS // 2)]
    assert len(set(chosen)) == len(chosen)


def test_another_process_has_other_ports() -> None:
    """As long as both run."""
    ours = {free_port() for _ in range(BLOCK_PORTS)}
    with subprocess.Popen(
        [sys.executable, "-c", ASK], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        theirs = {int(word) for word in other.stdout.readline().split()}
        other.communicate("\n")
    assert len(theirs) == 2
    assert ours.isdisjoint(theirs)


def test_a_port_on_which_somebody_listens_is_passed_over() -> None:
    """Whoever it is."""
    with socket.create_server((HOST, free_port())) as server:
        taken = server.getsockname()[1]
        assert taken not in {free_port() for _ in range(BLOCK_PORTS)}

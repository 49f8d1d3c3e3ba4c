"""Free ports that stay free: the kernel gives them to nobody, and every process has its own.

A port that was bound to learn its number and let go again is anybody's: the kernel gives it to
the next program that asks for any port, or to the same program a second time.
"""

import fcntl
import os
import socket
import tempfile
from functools import cache
from itertools import cycle
from pathlib import Path

from sandbox.server_folder import ServerError

HOST = "127.0.0.1"
BLOCK_PORTS = 100
# Below what Linux (32768) and others (49152, RFC 6335) give to who asks for any port.
FIRST_PORT, LAST_PORT = 20_000, 31_999


def free_port() -> int:
    """Return a loopback port on which nobody listens, and which nobody else will be given.

    After a hundred others the same one may be returned again. Raises ServerError when none
    is left.
    """
    return _block().next_free()


class _Block:
    """A hundred ports that are this process's alone, for as long as it runs."""

    def __init__(self, first: int) -> None:
        """Begin with the first of them."""
        self._first = first
        self._ports = cycle(range(first, first + BLOCK_PORTS))

    def next_free(self) -> int:
        """Return the next port on which nobody listens."""
        for _, port in zip(range(BLOCK_PORTS), self._ports, strict=False):
            if _is_free(port):
                return port
        message = f"somebody listens on each of our ports ({self._first} and after)"
        raise ServerError(message)


@cache
def _block() -> _Block:
    folder = Path(tempfile.gettempdir()) / f"passgate-ports-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    for first in range(FIRST_PORT, LAST_PORT + 1, BLOCK_PORTS):
        # Never closed: the kernel releases the lock when we end, however that is.
        lock = os.open(folder / str(first), os.O_CREAT | os.O_RDWR, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(lock)
        else:
            return _Block(first)
    message = f"other processes hold every block of ports (see {folder})"
    raise ServerError(message)


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        # As servers do: connections that ended a moment ago are in nobody's way.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True

"""The folder of one embedded server: its lock, password, log, and what a crash left behind."""

import fcntl
import os
import secrets
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sandbox.processes import STOP_SECONDS_MAX

LOG_CHARACTERS_SHOWN_MAX = 2_000
PASSWORD_BYTES = 24
POLL_SECONDS = 0.005


class ServerError(Exception):
    """An embedded server could not be started; the text says why and shows its last words."""


@contextmanager
def hold(folder: Path) -> Iterator[None]:
    """Hold the folder's lock, which the kernel releases however we end.

    Raises ServerError when somebody else holds it.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            message = f"{folder} is in use: passgate is already running from this folder"
            raise ServerError(message) from None
        yield


def password_of(folder: Path) -> str:
    """Return this folder's password, made on first use and readable by its owner only."""
    path = folder / "password"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(PASSWORD_BYTES))
    return path.read_text()


def end_leftover(pid_file: Path, folder: Path) -> None:
    """Stop a server that outlived its parent (macOS), and forget a pid file left by a crash.

    We hold the folder's lock, so whoever serves this folder has no owner. A process number may
    have been given to somebody else since; only a command line that names the folder is ours.
    """
    try:
        process_id = int(pid_file.read_text().split()[0])
    except (FileNotFoundError, IndexError):
        return
    if str(folder) in command_line(process_id):
        os.kill(process_id, signal.SIGINT)
        deadline = time.monotonic() + STOP_SECONDS_MAX
        while str(folder) in command_line(process_id):
            if time.monotonic() > deadline:
                message = f"an earlier server (process {process_id}) does not stop"
                raise ServerError(message)
            time.sleep(POLL_SECONDS)
    pid_file.unlink(missing_ok=True)


def command_line(process_id: int) -> str:
    """Return how a process was started, or nothing when it is gone."""
    if Path("/proc/self").exists():
        try:
            return Path(f"/proc/{process_id}/cmdline").read_bytes().replace(b"\0", b" ").decode()
        except (FileNotFoundError, ProcessLookupError):
            return ""
    listing = subprocess.run(  # noqa: S603 - fixed arguments, a number
        ["/bin/ps", "-o", "command=", "-p", str(process_id)],
        capture_output=True,
        check=False,
        text=True,
    )
    return listing.stdout


def last_words(reason: str, log: Path) -> str:
    """Return the reason with the end of the server's log."""
    return f"{reason}; {log} ends with:\n{log.read_text()[-LOG_CHARACTERS_SHOWN_MAX:]}"

"""Child processes that never outlive us: own session, die with their parent, not as root."""

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

STOP_SECONDS_MAX = 10.0

# Numbers from <linux/prctl.h> and <linux/capability.h>.
_PR_SET_PDEATHSIG = 1
_PR_SET_KEEPCAPS = 8
_PR_CAP_AMBIENT = 47
_PR_CAP_AMBIENT_RAISE = 2
_CAPABILITY_VERSION = 0x20080522
_CAP_DAC_OVERRIDE = 1
_CAP_DAC_READ_SEARCH = 2

NOBODY = 65534

_ON_LINUX = sys.platform == "linux"
_LIBC = ctypes.CDLL(None, use_errno=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """What to start: its arguments, where, with which environment and where its words go."""

    arguments: Sequence[str]
    folder: Path | None = None
    environment: Mapping[str, str] | None = None
    output: IO[bytes] | None = None
    # What the kernel sends when we die without a chance to stop it (Linux).
    death_signal: signal.Signals = signal.SIGKILL
    # PostgreSQL refuses to run as root; root then starts it as "nobody".
    refuses_root: bool = False


def start(program: Program) -> subprocess.Popen[bytes]:
    """Start a program in a session of its own, so that Ctrl-C reaches only its parent.

    On Linux the kernel stops it when the calling *thread* ends, so call this from the main one.
    """
    return subprocess.Popen(  # noqa: S603 - the arguments are ours, no shell
        program.arguments,
        cwd=program.folder,
        env=program.environment,
        stdin=subprocess.DEVNULL,
        stdout=program.output,
        stderr=program.output and subprocess.STDOUT,
        start_new_session=True,
        preexec_fn=_before_exec(program) if _ON_LINUX else None,  # noqa: PLW1509 - no threads yet
    )


def stop(process: subprocess.Popen[bytes], request: signal.Signals = signal.SIGTERM) -> None:
    """Ask a process to end and wait for it; after ten seconds end it by force."""
    if process.poll() is not None:
        return
    process.send_signal(request)
    try:
        process.wait(STOP_SECONDS_MAX)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def runs_as_root() -> bool:
    """Whether this is root on Linux, the one case in which a server must change its user."""
    return _ON_LINUX and os.geteuid() == 0


def _before_exec(program: Program) -> Callable[[], None]:
    """Build what runs between fork and exec; changing the user clears the death signal."""
    parent = os.getpid()
    leave_root = program.refuses_root and runs_as_root()

    def prepare() -> None:
        if leave_root:
            _become_nobody()
        _LIBC.prctl(_PR_SET_PDEATHSIG, program.death_signal, 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)

    return prepare


def _become_nobody() -> None:
    """Give up root, keeping only the right to look into folders that others may not enter.

    The project may lie under a 0700 folder such as /root. Opening its parents to the world would
    be worse than this one capability; containers without it have the next in the list.
    """
    _LIBC.prctl(_PR_SET_KEEPCAPS, 1, 0, 0, 0)
    os.setgroups([])
    os.setresgid(NOBODY, NOBODY, NOBODY)
    os.setresuid(NOBODY, NOBODY, NOBODY)
    for capability in (_CAP_DAC_READ_SEARCH, _CAP_DAC_OVERRIDE):
        mask = 1 << capability
        header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION, 0)
        effective_permitted_inheritable = (ctypes.c_uint32 * 6)(mask, mask, mask, 0, 0, 0)
        if _LIBC.capset(header, effective_permitted_inheritable) == 0:
            _LIBC.prctl(_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_RAISE, capability, 0, 0)
            return

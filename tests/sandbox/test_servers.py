"""The embedded servers: real, locked, quick to return, and gone when their parent is."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import asyncpg
import pytest
import redis

from sandbox import processes, server_folder
from sandbox.ports import HOST
from sandbox.server_folder import ServerError
from sandbox.servers import postgres, valkey

GONE_SECONDS_MAX = 40.0

# Starts both servers, says their process numbers, then sleeps until somebody kills it.
PARENT = """
import sys, time
from pathlib import Path
from sandbox.servers import postgres, valkey
folder = Path(sys.argv[1])
with postgres(folder / "postgres") as database, valkey(folder / "valkey") as queue:
    print(database.process.pid, queue.process.pid, flush=True)
    time.sleep(60)
"""


def ask(dsn: str, query: str) -> object:
    async def asking() -> object:
        connection = await asyncpg.connect(dsn)
        try:
            return await connection.fetchval(query)
        finally:
            await connection.close()

    return asyncio.run(asking())


def ended(process_id: int) -> bool:
    """Wait until a process is gone or a zombie that nobody collects."""
    deadline = time.monotonic() + GONE_SECONDS_MAX
    while time.monotonic() < deadline:
        if not server_folder.command_line(process_id).strip():
            return True
        time.sleep(0.02)
    return False


@pytest.fixture
def parent(tmp_path: Path) -> tuple[subprocess.Popen[str], list[int]]:
    process = subprocess.Popen(
        [sys.executable, "-c", PARENT, str(tmp_path)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    with process.stdout as output:
        return process, [int(word) for word in output.readline().split()]


def test_data_survives_a_restart_which_is_quick(tmp_path: Path) -> None:
    """The second start finds what the first one wrote."""
    with postgres(tmp_path / "postgres") as database, valkey(tmp_path / "valkey") as queue:
        ask(database.dsn(), "CREATE TABLE kept AS SELECT 7 AS seven")
        with redis.Redis.from_url(queue.url) as connection:
            connection.set("seven", 7)

    with postgres(tmp_path / "postgres") as database, valkey(tmp_path / "valkey") as queue:
        assert ask(database.dsn(), "SELECT seven FROM kept") == 7
        with redis.Redis.from_url(queue.url) as connection:
            assert connection.get("seven") == b"7"


def test_nobody_enters_without_the_password(tmp_path: Path) -> None:
    """Loopback is shared with every program and person on the machine."""
    with postgres(tmp_path / "postgres", throw_away=True) as database:
        for wrong in (":wrong@", "@"):
            dsn = database.dsn().replace(f":{database.password}@", wrong)
            with pytest.raises(asyncpg.InvalidPasswordError):
                ask(dsn, "SELECT 1")
    with (
        valkey(tmp_path / "valkey") as queue,
        redis.Redis(host=HOST, port=queue.port) as connection,
        pytest.raises(redis.AuthenticationError),
    ):
        connection.ping()
    assert tmp_path.joinpath("postgres", "password").stat().st_mode & 0o777 == 0o600
    assert database.password not in repr(database)
    assert queue.password not in repr(queue)


def test_the_queue_refuses_to_evict(tmp_path: Path) -> None:
    """A full Redis must say so instead of losing the workers' bells."""
    with (
        valkey(tmp_path) as queue,
        redis.Redis.from_url(queue.url, decode_responses=True) as connection,
    ):
        assert connection.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to change its user")
def test_root_starts_it_below_a_closed_folder_without_opening_it(tmp_path: Path) -> None:
    """PostgreSQL is not root, and the folders above stay as closed as they were."""
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)

    with postgres(closed / "postgres", throw_away=True) as database:
        status = Path(f"/proc/{database.process.pid}/status").read_text()
        assert f"Uid:\t{processes.NOBODY}" in status
        assert ask(database.dsn(), "SELECT 1") == 1

    assert closed.stat().st_mode & 0o777 == 0o700
    assert closed.stat().st_uid == 0


def test_a_folder_serves_once(tmp_path: Path) -> None:
    """A second `make run` is told so, and leaves the first alone."""
    with (
        valkey(tmp_path) as queue,
        pytest.raises(ServerError, match="already running"),
        valkey(tmp_path),
    ):
        pass
    assert queue.process.returncode == 0


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells children of a death")
def test_servers_end_when_their_parent_is_killed(
    parent: tuple[subprocess.Popen[str], list[int]],
) -> None:
    """Not even kill -9 of the parent leaves a server behind."""
    process, children = parent
    process.kill()
    process.wait()

    assert [ended(child) for child in children] == [True, True]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_servers_end_when_their_parent_is_asked_to(
    parent: tuple[subprocess.Popen[str], list[int]], number: signal.Signals
) -> None:
    """Ctrl-C and a supervisor's stop leave no server behind."""
    process, children = parent
    process.send_signal(number)
    process.wait(GONE_SECONDS_MAX)

    assert [ended(child) for child in children] == [True, True]


def test_a_crash_loses_nothing_and_is_cleared_away(tmp_path: Path) -> None:
    """After kill -9 of the server itself, the next start recovers in spite of the pid file."""
    with postgres(tmp_path) as database:
        ask(database.dsn(), "CREATE TABLE kept AS SELECT 7 AS seven")
        database.process.kill()
        database.process.wait()

    with postgres(tmp_path) as database:
        assert ask(database.dsn(), "SELECT seven FROM kept") == 7


def test_a_reused_process_number_is_not_mistaken_for_the_server(tmp_path: Path) -> None:
    """A pid file that names a stranger's process is forgotten, and the stranger lives."""
    with postgres(tmp_path, throw_away=True):
        pass
    with subprocess.Popen(["sleep", "60"]) as stranger:
        tmp_path.joinpath("data", "postmaster.pid").write_text(f"{stranger.pid}\n")

        with postgres(tmp_path, throw_away=True) as database:
            assert ask(database.dsn(), "SELECT 1") == 1

        assert stranger.poll() is None
        stranger.kill()


def test_a_leftover_server_is_stopped_first(tmp_path: Path) -> None:
    """A server that outlived its parent gives way to the next one on the same data."""
    with postgres(tmp_path, throw_away=True) as database:
        ask(database.dsn(), "CREATE TABLE kept AS SELECT 7 AS seven")
        server_folder.end_leftover(tmp_path / "data" / "postmaster.pid", tmp_path / "data")
        # The server is our child, so its end is collected here.
        assert database.process.wait(GONE_SECONDS_MAX) == 0


def test_a_failed_start_shows_the_last_words(tmp_path: Path) -> None:
    """Whoever reads the error need not look for the log."""
    with (
        valkey(tmp_path / "first") as running,
        pytest.raises(ServerError, match="Address already in use"),
        valkey(tmp_path / "second", port=running.port),
    ):
        pass

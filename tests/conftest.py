"""What every test may ask for: a database, a Redis, a browser, a port, and the run's seed."""

import gc
import os
import random
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import redis
import structlog
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from sandbox import servers
from sandbox.ports import free_port
from tests.database import Database, Databases, open_databases
from tests.hours import wait_for_the_hour
from tests.thrift import forget_applications, hash_cheaply, remember_templates

SEED_MAX = 2**32
# Where a change is judged every run draws the same: what chance would find in older code is no
# reason to refuse it. At a desk every run draws anew.
CI_SEED = 20_261_121
# Database 0 of a given Redis is left alone; a server has sixteen.
REDIS_DATABASES = 15
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CHROME_ON_MACOS = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")

# This machine may be busy: a slow example is no finding, nor are examples that take long to draw.
# The blob replays a failure elsewhere.
hypothesis_settings.register_profile(
    "passgate", deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow]
)
hypothesis_settings.load_profile("passgate")


@dataclass(frozen=True, slots=True)
class Servers:
    """The two servers of this run: a superuser's PostgreSQL URL and a Redis URL."""

    database_url: str
    redis_url: str


_SEED = pytest.StashKey[int]()
_RUNNING = pytest.StashKey[ExitStack]()


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Settle the seed, and with several test processes start their shared servers first."""
    for name in [name for name in os.environ if name.startswith("PASSGATE_")]:
        del os.environ[name]

    # Without this structlog draws each stack with all its variables, which takes gigabytes.
    structlog.configure(
        processors=[structlog.processors.format_exc_info, structlog.processors.KeyValueRenderer()]
    )

    remember_templates()
    hash_cheaply()

    drawn = CI_SEED if os.environ.get("CI") else random.randrange(SEED_MAX)
    given = os.environ.setdefault("TEST_SEED", str(drawn))
    config.stash[_SEED] = int(given)
    config.option.hypothesis_seed = config.option.hypothesis_seed or given

    config.stash[_RUNNING] = ExitStack()
    if getattr(config.option, "tx", None) and not hasattr(config, "workerinput"):
        running = config.stash[_RUNNING].enter_context(_running_servers())
        os.environ["DATABASE_URL"] = running.database_url
        os.environ["REDIS_URL"] = running.redis_url


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop what was started for this run."""
    config.stash[_RUNNING].close()


def pytest_collection_finish() -> None:
    """Keep the collector from walking, over and over, through what was imported for good."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup() -> None:
    """Begin no test where a day is about to end."""
    wait_for_the_hour()


def pytest_runtest_logfinish() -> None:
    """Let go of what a test has served."""
    forget_applications()


def pytest_report_header(config: pytest.Config) -> str:
    """Print the seed by which everything random in this run can be replayed."""
    return f"seed: TEST_SEED={config.stash[_SEED]}"


@contextmanager
def _running_servers() -> Iterator[Servers]:
    """Use DATABASE_URL and REDIS_URL, or start a throw-away server for each one not given."""
    database_url, redis_url = os.environ.get("DATABASE_URL"), os.environ.get("REDIS_URL")
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="passgate-test-")))
        if not database_url:
            postgres = servers.postgres(folder / "postgres", throw_away=True)
            database_url = stack.enter_context(postgres).dsn()
            # It has no certificate: who asks for one at each log-in only makes a second attempt.
            os.environ.setdefault("PGSSLMODE", "disable")
        if not redis_url:
            redis_url = stack.enter_context(servers.valkey(folder / "valkey")).url
        yield Servers(database_url, redis_url)


@pytest.fixture(scope="session")
def test_servers() -> Iterator[Servers]:
    """The servers shared by all tests."""
    with _running_servers() as running:
        yield running


@pytest.fixture(scope="session")
def databases(test_servers: Servers, worker_id: str) -> Iterator[Databases]:
    """The template from which each test's database is copied."""
    with open_databases(test_servers.database_url, worker_id) as prepared:
        yield prepared


@pytest.fixture
def database(databases: Databases) -> Iterator[Database]:
    """A migrated, empty database of this test's own."""
    with databases.fresh() as fresh:
        yield fresh


@pytest.fixture
def redis_url(test_servers: Servers, worker_id: str) -> str:
    """An empty Redis database that no other test process uses."""
    process = int(worker_id.removeprefix("gw")) if worker_id.startswith("gw") else 0
    server = test_servers.redis_url.rpartition("/")[0]
    url = f"{server}/{1 + process % REDIS_DATABASES}"
    with redis.Redis.from_url(url) as connection:
        connection.flushdb()
    return url


@pytest.fixture(name="free_port")
def a_free_port() -> int:
    """A loopback port that nobody uses."""
    return free_port()


@pytest.fixture
def seed(pytestconfig: pytest.Config) -> int:
    """The run's seed; a test that draws lots starts its own `random.Random` from it."""
    return pytestconfig.stash[_SEED]


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of a Chromium; without one the test is skipped, and fails where CI is set."""
    found = next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
    if found:
        return found
    if CHROME_ON_MACOS.exists():
        return str(CHROME_ON_MACOS)
    message = "no Chromium found; install it from your distribution to run the browser tests"
    if os.environ.get("CI"):
        pytest.fail(message)
    pytest.skip(message)

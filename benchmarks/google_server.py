"""The sandbox's Google as a process of its own, with or without its limit on requests.

Run as `python -m benchmarks.google_server PORT ACCOUNTS REQUESTS_PER_SECOND`, until it is ended.
"""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import uvloop

from benchmarks.installation import started
from sandbox.google.accounts import write_development_account
from sandbox.google.stand_in import GoogleStandIn
from sandbox.ports import HOST, free_port


async def serve(port: int, accounts: Path, requests_per_second: int) -> None:
    """Answer as Google does, keeping nothing on disk."""
    async with GoogleStandIn(accounts, host=HOST, port=port) as google:
        google.bucket.per_second = requests_per_second
        await asyncio.Event().wait()


@asynccontextmanager
async def google_server(folder: Path, requests_per_second: int) -> AsyncIterator[str]:
    """Run it, with a service account in `folder` / google; gives its address."""
    port, accounts = free_port(), folder / "google"
    url = f"http://{HOST}:{port}"
    write_development_account(accounts, f"{url}/token")
    command = [sys.executable, "-m", "benchmarks.google_server"]
    command += [str(port), str(accounts), str(requests_per_second)]
    async with started(command, port=port, log=folder / "google.log"):
        yield url


if __name__ == "__main__":
    uvloop.run(serve(int(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])))

"""Starts a worker on the settings in the environment: `python -m workers`."""

import os

import uvloop

from gateway.logs import configure_logs
from gateway.settings import read_settings
from workers.main import work


def main() -> None:
    """Work until asked to stop."""
    settings = read_settings(os.environ)
    configure_logs(settings.log_level, process="worker")
    uvloop.run(work(settings))


if __name__ == "__main__":
    main()

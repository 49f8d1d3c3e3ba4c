"""Forgets everything `make run` has stored, unless it is running."""

import shutil
import sys

from sandbox.run import FOLDER
from sandbox.server_folder import ServerError, hold


def main() -> None:
    """Remove the development installation's folder."""
    if not FOLDER.exists():
        return
    try:
        with hold(FOLDER / "postgres"):
            shutil.rmtree(FOLDER)
    except ServerError:
        sys.exit("passgate is running; stop it first")


if __name__ == "__main__":
    main()

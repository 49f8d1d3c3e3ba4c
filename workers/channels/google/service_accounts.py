"""Who we are to Google for each issuer: its service account, read again when the file changes."""

import asyncio
import json
import threading
from pathlib import Path

from google.oauth2.service_account import Credentials

SCOPE = "https://www.googleapis.com/auth/wallet_object.issuer"
FILE = "service-account.json"
FILE_BYTES_MAX = 64 * 1024

_State = tuple[int, int]


class ServiceAccounts:
    """Service accounts by issuer id; the same file gives the same credentials object."""

    def __init__(self, folder: Path | None) -> None:
        """Take the folder with one sub-folder per issuer id; without one there is nobody."""
        self._folder = folder
        self._read: dict[str, tuple[_State, Credentials]] = {}
        self._reading = threading.Lock()

    async def of(self, issuer_id: str) -> Credentials:
        """Return the credentials in the issuer's file as it is now.

        Raises LookupError without a file and ValueError with an unusable one; neither quotes it.
        """
        return await asyncio.to_thread(self._current, issuer_id)

    def _current(self, issuer_id: str) -> Credentials:
        path = self._path(issuer_id)
        try:
            # Two threads that read the same file would make two objects, each with its own token.
            with self._reading:
                found = path.stat()
                state = found.st_mtime_ns, found.st_size
                if issuer_id not in self._read or self._read[issuer_id][0] != state:
                    # The state was taken first: a file that changes meanwhile is read again.
                    self._read[issuer_id] = state, _parse(path)
                return self._read[issuer_id][1]
        except OSError as error:
            raise LookupError(f"issuer {issuer_id} has no {FILE}") from error

    def _path(self, issuer_id: str) -> Path:
        # The id becomes a path: it may not lead elsewhere, whoever asks.
        if self._folder is None or not (issuer_id.isascii() and issuer_id.isdecimal()):
            raise LookupError("there is no such issuer here")
        return self._folder / issuer_id / FILE


def _parse(path: Path) -> Credentials:
    """Read a key file as Google's console writes it; a syntax error would quote the key."""
    with path.open("rb") as file:
        content = file.read(FILE_BYTES_MAX)
    try:
        parsed: Credentials = Credentials.from_service_account_info(  # type: ignore[no-untyped-call]
            json.loads(content), scopes=[SCOPE]
        )
    except Exception as error:  # noqa: BLE001 -- whatever google-auth finds wrong with the key
        raise ValueError(f"{FILE} cannot be used: {type(error).__name__}") from None
    return parsed

"""The phones on disk: one JSON file each, and their packages beside it."""

import contextlib
import shutil
from pathlib import Path

import msgspec

from sandbox.phone.state import PhoneState

PHONES_KEPT_MAX = 200


class PhoneFiles:
    """Keeps phones under one directory; a file is replaced whole, never half written."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def load(self) -> list[PhoneState]:
        """All phones kept, oldest first; a file that cannot be read is passed over."""
        phones = []
        for path in sorted(self._directory.glob("*/phone.json"))[:PHONES_KEPT_MAX]:
            with contextlib.suppress(msgspec.MsgspecError):
                phones.append(msgspec.json.decode(path.read_bytes(), type=PhoneState))
        return sorted(phones, key=lambda phone: phone.created_at)

    def save(self, state: PhoneState) -> None:
        """Keep what the phone remembers."""
        self._write(self._phone(state.id) / "phone.json", msgspec.json.encode(state))

    def forget(self, phone_id: str) -> None:
        """Throw a phone away with all its passes."""
        shutil.rmtree(self._phone(phone_id), ignore_errors=True)

    def package(self, phone_id: str, key: str) -> bytes:
        """The bytes of a package. Raises `FileNotFoundError`."""
        return self._package(phone_id, key).read_bytes()

    def save_package(self, phone_id: str, key: str, data: bytes) -> None:
        """Keep a package, in place of the one with the same key."""
        self._write(self._package(phone_id, key), data)

    def forget_package(self, phone_id: str, key: str) -> None:
        """Throw a package away."""
        self._package(phone_id, key).unlink(missing_ok=True)

    def _phone(self, phone_id: str) -> Path:
        assert phone_id.isalnum(), "phone ids are made here and are hexadecimal"
        return self._directory / phone_id

    def _package(self, phone_id: str, key: str) -> Path:
        assert key.isalnum(), "pass keys are made here and are hexadecimal"
        return self._phone(phone_id) / f"{key}.pkpass"

    @staticmethod
    def _write(path: Path, data: bytes) -> None:
        # Tokens lie in these files, so they are their owner's only.
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        fresh = path.with_suffix(".new")
        fresh.touch(mode=0o600)
        fresh.write_bytes(data)
        fresh.replace(path)

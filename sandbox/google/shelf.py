"""The Google side of the sandbox's phones: which objects each has saved."""

from collections.abc import Iterator
from pathlib import Path

import msgspec

from sandbox.google.callbacks import Callbacks
from sandbox.google.records import CLASS, OBJECT, Record
from sandbox.google.wallet import Wallet


class GoogleShelf:
    """Saves and removes objects; each time the class's owner is told."""

    def __init__(self, wallet: Wallet, callbacks: Callbacks, path: Path | None) -> None:
        """Bring back who holds what from a file."""
        self._wallet = wallet
        self._callbacks = callbacks
        self._path = path
        self._held: dict[str, list[str]] = {}
        if path is not None and path.exists():
            self._held = msgspec.json.decode(path.read_bytes(), type=dict[str, list[str]])

    def of(self, phone_id: str) -> list[Record]:
        """Return the objects a phone holds, the one saved last first."""
        records = (
            self._wallet.records.find(OBJECT, each) for each in self._held.get(phone_id, [])
        )
        return [record for record in records if record is not None]

    def holders(self, kind: str, resource_id: str) -> Iterator[tuple[str, str]]:
        """Give (phone, object) for whoever holds this object, or one of this class."""
        for phone_id in list(self._held):
            for record in self.of(phone_id):
                key = "id" if kind == OBJECT else "classId"
                if record.content[key] == resource_id:
                    yield phone_id, record.id

    def save(self, phone_id: str, object_id: str) -> None:
        """Put an object on a phone; a second time changes nothing."""
        held = self._held.setdefault(phone_id, [])
        if object_id in held:
            return
        held.insert(0, object_id)
        self._changed(object_id, "save")

    def remove(self, phone_id: str, object_id: str) -> None:
        """Take an object off a phone. Raises `KeyError` where it is not on it."""
        held = self._held.get(phone_id, [])
        if object_id not in held:
            raise KeyError(object_id)
        held.remove(object_id)
        self._changed(object_id, "del")

    def _changed(self, object_id: str, event: str) -> None:
        if self._path is not None:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._path.write_bytes(msgspec.json.encode(self._held))
        has_users = any(object_id in held for held in self._held.values())
        self._wallet.note_users(object_id, has_users=has_users)
        class_id = self._wallet.get(OBJECT, object_id).content["classId"]
        url = self._wallet.get(CLASS, class_id).content.get("callbackOptions", {}).get("url")
        if url:
            self._callbacks.tell(url, event, class_id, object_id)

"""The stand-in's classes and objects on disk: one JSON file each, replaced whole."""

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

CLASS, OBJECT = "loyaltyClass", "loyaltyObject"
SCHEMAS = {CLASS: "LoyaltyClass", OBJECT: "LoyaltyObject"}

Content = dict[str, Any]


class Record(msgspec.Struct, kw_only=True):
    """A class or an object, and when it notified its holders: by updates, by messages."""

    kind: str
    content: Content
    updates_noticed: list[float] = msgspec.field(default_factory=list)
    messages_noticed: list[float] = msgspec.field(default_factory=list)

    @property
    def id(self) -> str:
        """The resource's id."""
        return str(self.content["id"])


class Records:
    """Everything Google keeps, in memory and (given a folder) on disk."""

    def __init__(self, folder: Path | None) -> None:
        """Bring back what the folder holds; a file that cannot be read is passed over."""
        self._folder = folder
        self._all: dict[tuple[str, str], Record] = {}
        for path in sorted(folder.glob("*/*.json")) if folder else []:
            with contextlib.suppress(msgspec.MsgspecError):
                record = msgspec.json.decode(path.read_bytes(), type=Record)
                self._all[record.kind, record.id] = record

    def find(self, kind: str, resource_id: str) -> Record | None:
        """Return a record."""
        return self._all.get((kind, resource_id))

    def of(self, kind: str) -> Iterator[Record]:
        """Give all classes or all objects, by their ids."""
        return (record for key, record in sorted(self._all.items()) if key[0] == kind)

    def keep(self, record: Record) -> None:
        """Keep a record in place of the one with the same id."""
        self._all[record.kind, record.id] = record
        if self._folder is None:
            return
        path = self._folder / record.kind / f"{record.id}.json"
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        fresh = path.with_suffix(".new")
        fresh.write_bytes(msgspec.json.encode(record))
        fresh.replace(path)

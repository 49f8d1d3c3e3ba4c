"""A pass package as the phone holds it: opened, checked, known by its manifest's hash.

A device compares passes by the hash of `manifest.json`: the same hash is the same pass.
"""

import hashlib
import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from sandbox.phone_fields import Content, text_in


class OpenedPass(Protocol):
    """What opening a `.pkpass` yields: its content and what Wallet would object to."""

    @property
    def content(self) -> Mapping[str, object]:
        """The parsed `pass.json`."""

    @property
    def images(self) -> Mapping[str, bytes]:
        """The images by file name."""

    @property
    def problems(self) -> Sequence[str]:
        """Why Wallet would refuse the pass; empty for a good one."""


PassOpener = Callable[[bytes], OpenedPass]


@dataclass(frozen=True, slots=True)
class Package:
    """An opened package together with the bytes it came in."""

    data: bytes
    content: Content
    images: Mapping[str, bytes]
    problems: tuple[str, ...]
    manifest_sha1: str

    @property
    def pass_type(self) -> str:
        """The pass type identifier."""
        return text_in(self.content, "passTypeIdentifier") or ""

    @property
    def serial(self) -> str:
        """The serial number, unique within the pass type."""
        return text_in(self.content, "serialNumber") or ""

    @property
    def key(self) -> str:
        """A short name of the pass for addresses on this phone's pages."""
        identity = f"{self.pass_type}/{self.serial}".encode()
        return hashlib.sha256(identity).hexdigest()[:12]


def open_package(data: bytes, opener: PassOpener) -> Package:
    """Open `data` with `opener`; a package Wallet cannot even read has its problems listed."""
    opened = opener(data)
    return Package(
        data=data,
        content=opened.content,
        images=opened.images,
        problems=tuple(opened.problems),
        manifest_sha1=_manifest_sha1(data),
    )


def _manifest_sha1(data: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            # SHA-1 as elsewhere in the format; here it only tells two packages apart.
            return hashlib.sha1(archive.read("manifest.json"), usedforsecurity=False).hexdigest()
    except (zipfile.BadZipFile, KeyError):
        return ""

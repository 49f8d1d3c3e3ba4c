"""A pass package as the phone holds it: its bytes, what is in it, what Wallet objects to."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sandbox.opened_pass import OpenedPass
from sandbox.phone.fields import Content, text_in

PassOpener = Callable[[bytes], OpenedPass]
LANGUAGE = "en"


@dataclass(frozen=True, slots=True)
class Package:
    """An opened package together with the bytes it came in.

    A device compares passes by the digest of their manifest: the same digest, the same pass.
    """

    data: bytes
    content: Content
    images: Mapping[str, bytes]
    words: Mapping[str, str]
    problems: tuple[str, ...]
    manifest_digest: str

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
    """Open `data` and check it as Wallet does. Raises `NotAPass` when nothing can be read."""
    opened = opener(data)
    return Package(
        data=data,
        content=opened.content,
        images=opened.images,
        words=opened.strings(LANGUAGE),
        problems=tuple(map(str, opened.problems)),
        manifest_digest=opened.manifest_digest,
    )

"""Static files: held in memory, named by a digest of their content, cached for ever."""

import hashlib
import mimetypes
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

STATIC = Path(__file__).parent / "static"
PREFIX = "/static"
DIGEST_CHARACTERS = 16
FILE_BYTES_MAX = 8 * 1024 * 1024

# Not left to the machine's own table, which differs: a module with the wrong type is not run.
_TYPES = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".mjs": "text/javascript",
    ".wasm": "application/wasm",
    ".svg": "image/svg+xml",
    ".webmanifest": "application/manifest+json",
    ".woff2": "font/woff2",
}


@dataclass(frozen=True, slots=True)
class Asset:
    """One file, ready to be sent."""

    body: bytes
    content_type: str


@dataclass(frozen=True, slots=True)
class Assets:
    """All static files by relative path.

    One digest for the whole tree, in the directory part of the address, so that a module can
    import its neighbour by a relative path.
    """

    files: Mapping[str, Asset]
    digest: str

    def url(self, path: str) -> str:
        """Return the address of a file; a missing one is our mistake."""
        assert path in self.files, f"no such static file: {path}"
        return f"{PREFIX}/{self.digest}/{path}"


def load(folder: Path = STATIC) -> Assets:
    """Read every file under `folder`."""
    files: dict[str, Asset] = {}
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.name.startswith("."):
            name = path.relative_to(folder).as_posix()
            files[name] = _asset(path)
            digest.update(name.encode() + b"\x00" + hashlib.sha256(files[name].body).digest())
    return Assets(files, digest.hexdigest()[:DIGEST_CHARACTERS])


def _asset(path: Path) -> Asset:
    body = path.read_bytes()
    assert len(body) <= FILE_BYTES_MAX, f"too large to serve: {path.name}"
    guessed = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return Asset(body, _TYPES.get(path.suffix, guessed))

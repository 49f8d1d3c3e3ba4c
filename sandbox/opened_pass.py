"""A `.pkpass` opened as Wallet opens it: unpacked safely, hashed, and its signature verified.

Never part of the product: it stands for the phone, so that what we sign is judged by code that
shares nothing with the signer (asn1crypto reads the signature, `cryptography` checks it).
"""

import hashlib
import hmac
import json
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any

from cryptography.x509 import Certificate

from passes.apple.pictures.images import missing_images
from passes.errors import Problem
from sandbox.opened_signature import Signature, SignatureRefused, verified_signature

ARCHIVE_BYTES_MAX = 20_000_000
UNPACKED_BYTES_MAX = 50_000_000
FILES_MAX = 200

_STRING_ENTRY = re.compile(r'"((?:[^"\\]|\\.)*)"\s*=\s*"((?:[^"\\]|\\.)*)"\s*;')
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_ESCAPED = {"n": "\n", "r": "\r", "t": "\t"}


class NotAPass(ValueError):
    """The bytes are no pass at all: no zip, too large, or without a readable pass.json."""


@dataclass(frozen=True, slots=True)
class OpenedPass:
    """What a phone gets out of a pass; it would add the pass only if `problems` is empty."""

    content: Mapping[str, Any]
    files: Mapping[str, bytes]
    manifest_digest: str
    signature: Signature | None
    problems: tuple[Problem, ...]

    @property
    def images(self) -> dict[str, bytes]:
        """Images of the pass without a language, by file name."""
        return {
            name: data
            for name, data in self.files.items()
            if name.endswith(".png") and "/" not in name
        }

    def strings(self, language: str) -> dict[str, str]:
        """Give the translations of a language; empty when the pass has none."""
        data = self.files.get(f"{language}.lproj/pass.strings", b"")
        return parse_strings(data)


def open_pass(data: bytes, roots: Sequence[Certificate], now: datetime) -> OpenedPass:
    """Open a pass and judge it by the roots a phone trusts; raises NotAPass for other bytes."""
    files = _unpacked(data)
    content = _json_object(files, "pass.json")
    problems = [*missing_images(files), *_manifest_problems(files)]
    signature = None
    try:
        signature = verified_signature(
            files.get("signature", b""), files.get("manifest.json", b""), roots, now
        )
    except SignatureRefused as refused:
        problems.append(Problem(refused.code, "signature", str(refused)))
    else:
        problems += _identity_problems(content, signature)
    return OpenedPass(
        content=content,
        files=files,
        manifest_digest=hashlib.sha256(files.get("manifest.json", b"")).hexdigest(),
        signature=signature,
        problems=tuple(problems),
    )


def parse_strings(data: bytes) -> dict[str, str]:
    """Read pass.strings, in UTF-16 with a byte order mark or in UTF-8."""
    has_mark = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    text = data.decode("utf-16" if has_mark else "utf-8")
    return {_unescaped(key): _unescaped(value) for key, value in _STRING_ENTRY.findall(text)}


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(lambda match: _ESCAPED.get(match[1], match[1]), text)


def _unpacked(data: bytes) -> dict[str, bytes]:
    if len(data) > ARCHIVE_BYTES_MAX:
        raise NotAPass("the pass is too large")
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            entries = archive.infolist()
            names = [entry.filename for entry in entries]
            if len(entries) > FILES_MAX or sum(e.file_size for e in entries) > UNPACKED_BYTES_MAX:
                raise NotAPass("the pass holds too much")
            if len(set(names)) < len(names) or not all(map(_is_safe, names)):
                raise NotAPass("the pass holds a file twice, or one outside its folder")
            return {entry.filename: archive.read(entry) for entry in entries}
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
        raise NotAPass("this is not a zip archive a phone can read") from error


def _is_safe(name: str) -> bool:
    return not name.startswith("/") and "\\" not in name and ".." not in name.split("/")


def _json_object(files: Mapping[str, bytes], name: str) -> dict[str, Any]:
    try:
        document = json.loads(files.get(name, b""))
    except ValueError as error:
        raise NotAPass(f"{name} is missing or is not JSON") from error
    if not isinstance(document, dict):
        raise NotAPass(f"{name} is not an object")
    return document


def _manifest_problems(files: Mapping[str, bytes]) -> Iterator[Problem]:
    """Find files the manifest does not know, misses, or knows by another hash."""
    try:
        manifest = _json_object(files, "manifest.json")
    except NotAPass as error:
        yield Problem("manifest.unreadable", "manifest.json", str(error))
        return
    listed = files.keys() - {"manifest.json", "signature"}
    for name in sorted(listed - manifest.keys()):
        yield Problem("manifest.unlisted", name, "The manifest does not list this file.")
    for name in sorted(manifest.keys() - listed):
        yield Problem("manifest.absent", name, "The manifest lists a file that is not there.")
    for name in sorted(listed & manifest.keys()):
        digest = hashlib.sha1(files[name], usedforsecurity=False).hexdigest()
        if not hmac.compare_digest(digest, str(manifest[name])):
            yield Problem("manifest.hash", name, "The file is not the one that was signed.")


def _identity_problems(content: Mapping[str, Any], signature: Signature) -> Iterator[Problem]:
    expected = {
        "passTypeIdentifier": signature.pass_type_identifier,
        "teamIdentifier": signature.team_identifier,
    }
    for key, value in expected.items():
        if content.get(key) != value:
            sentence = f"The pass says {content.get(key)!r}, its certificate {value!r}."
            yield Problem("signature.identity", key, sentence)

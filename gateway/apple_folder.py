"""The certificates of the pass types as they lie in one folder, read again when they change.

    intermediate.pem                    Apple's WWDR certificate, for all pass types
    <pass type>/intermediate.pem        the same, for this pass type only
    <pass type>/certificate.pem         the Pass Type ID certificate
    <pass type>/key.pem                 its key, and its password if it has one, in:
    <pass type>/password.txt
    <pass type>/AuthKey_<key id>.p8     optional: pushes with a token instead of the certificate

A new pass type or a renewed certificate is put there and used, without a restart.
"""

import threading
from dataclasses import dataclass, field
from pathlib import Path

import structlog
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from passes.apple.signing.signer import Signer
from passes.apple.words import is_pass_type
from passes.errors import UnusableSigner

CERTIFICATE, KEY, PASSWORD = "certificate.pem", "key.pem", "password.txt"
INTERMEDIATE = "intermediate.pem"
P8_PREFIX = "AuthKey_"
FILE_BYTES_MAX = 64 * 1024
SIGNERS_MAX = 1_000

State = tuple[tuple[str, int, int], ...]

_log = structlog.get_logger("gateway.apple_folder")


class SignerMissing(LookupError):
    """There is no certificate for this pass type."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenKeyFile:
    """A .p8 key for APNs and the id in its name, as Apple's portal writes it."""

    key_id: str
    private_key_pem: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class PassTypeFiles:
    """What lies in a pass type's folder, as PEM; the key is not encrypted any more.

    `token_key` is None where APNs is spoken to with the certificate.
    """

    certificate_pem: bytes
    private_key_pem: bytes = field(repr=False)
    intermediate_pem: bytes
    token_key: TokenKeyFile | None


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A signer, and the state of the files it was prepared from."""

    state: State
    signer: Signer


class AppleFolder:
    """Signers by pass type; safe to share among threads, and called from them: it reads files."""

    def __init__(self, folder: Path | None) -> None:
        """Take the folder; without one there are no signers."""
        self._folder = folder
        self._prepared: dict[str, _Prepared] = {}
        self._preparing = threading.Lock()

    def signer(self, pass_type_identifier: str) -> Signer:
        """Return the signer of a pass type, prepared anew when its files have changed.

        While a renewed certificate and its key do not fit together yet, the ones before stay.
        Raises SignerMissing, or UnusableSigner when there is nothing before to stay with.
        """
        found = state(self._folder, pass_type_identifier)
        prepared = self._prepared.get(pass_type_identifier)
        if prepared and prepared.state == found:
            return prepared.signer
        with self._preparing:
            signer = self._prepare(pass_type_identifier)
            if len(self._prepared) >= SIGNERS_MAX:
                self._prepared.clear()
            self._prepared[pass_type_identifier] = _Prepared(found, signer)
        return signer

    def _prepare(self, pass_type_identifier: str) -> Signer:
        before = self._prepared.get(pass_type_identifier)
        try:
            files = load(self._folder, pass_type_identifier)
            return Signer.from_pem(
                files.certificate_pem, files.private_key_pem, files.intermediate_pem
            )
        except (SignerMissing, UnusableSigner) as unusable:
            if before is None:
                raise
            _log.warning("signer_unusable", pass_type=pass_type_identifier, problem=str(unusable))
            return before.signer


def load(folder: Path | None, pass_type: str) -> PassTypeFiles:
    """Read the files of a pass type; raises SignerMissing (a LookupError) or UnusableSigner."""
    mine = _folder_of(folder, pass_type)
    try:
        return PassTypeFiles(
            certificate_pem=_read(mine / CERTIFICATE),
            private_key_pem=_private_key(mine),
            intermediate_pem=_read(_intermediate(mine)),
            token_key=_token_key(mine),
        )
    except FileNotFoundError as missing:
        raise SignerMissing(f"{pass_type} has no {Path(str(missing.filename)).name}") from None


def state(folder: Path | None, pass_type: str) -> State:
    """Return what changes whenever a file of the pass type does: names, times and sizes.

    Raises SignerMissing, a LookupError, when there is no folder for it.
    """
    mine = _folder_of(folder, pass_type)
    return (_stamp(_intermediate(mine)), *(_stamp(file) for file in sorted(mine.iterdir())))


def _folder_of(folder: Path | None, pass_type: str) -> Path:
    # The name becomes a path: it may not lead elsewhere, whoever asks.
    if folder is None or not is_pass_type(pass_type) or not (folder / pass_type).is_dir():
        raise SignerMissing(f"{pass_type} has no folder")
    return folder / pass_type


def _intermediate(mine: Path) -> Path:
    own = mine / INTERMEDIATE
    return own if own.exists() else mine.parent / INTERMEDIATE


def _private_key(mine: Path) -> bytes:
    """Read the key and take its password off, if there is one."""
    pem, password = _read(mine / KEY), mine / PASSWORD
    if not password.exists():
        return pem
    try:
        key = load_pem_private_key(pem, _read(password).strip())
    except (ValueError, TypeError):
        raise SignerMissing(f"{mine.name}: {PASSWORD} does not open {KEY}") from None
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _token_key(mine: Path) -> TokenKeyFile | None:
    for path in sorted(mine.glob(f"{P8_PREFIX}*.p8")):
        key_id = path.stem.removeprefix(P8_PREFIX)
        return TokenKeyFile(key_id=key_id, private_key_pem=_read(path))
    return None


def _read(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(FILE_BYTES_MAX)


def _stamp(file: Path) -> tuple[str, int, int]:
    try:
        found = file.stat()
    except FileNotFoundError:
        return file.name, 0, 0
    return file.name, found.st_mtime_ns, found.st_size

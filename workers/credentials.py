"""Who we are to APNs for each pass type: read from its folder, and again when that changes."""

import asyncio
from pathlib import Path

from cryptography import x509
from cryptography.x509.oid import NameOID

from gateway.apple_folder import PassTypeFiles, load, state
from workers.channels.apns.credentials import ClientCertificate, Credentials, TokenKey

State = tuple[tuple[str, int, int], ...]


class AppleCredentials:
    """The credentials of the pass types that were asked for, and whether they are still those."""

    def __init__(self, folder: Path | None) -> None:
        """Take the folder with one sub-folder per pass type."""
        self._folder = folder
        self._read: dict[str, State] = {}

    async def of(self, pass_type: str) -> Credentials:
        """Read a pass type's credentials; raises `LookupError` or `ValueError` without usable."""
        return await asyncio.to_thread(self._load, pass_type)

    async def changed(self) -> list[str]:
        """Return, once each, the pass types whose files are not those that were read any more."""
        return await asyncio.to_thread(self._changed)

    def _load(self, pass_type: str) -> Credentials:
        # Taken first: a file that changes while it is read is read again.
        self._read[pass_type] = self._state(pass_type)
        files = load(self._folder, pass_type)
        if files.token_key is None:
            return ClientCertificate(files.certificate_pem, files.private_key_pem)
        return TokenKey(_team(files), files.token_key.key_id, files.token_key.private_key_pem)

    def _changed(self) -> list[str]:
        changed = [name for name, read in list(self._read.items()) if self._state(name) != read]
        for name in changed:
            self._read.pop(name, None)
        return changed

    def _state(self, pass_type: str) -> State:
        try:
            return state(self._folder, pass_type)
        except (LookupError, OSError):
            return ()


def _team(files: PassTypeFiles) -> str:
    """Return the team that a certificate belongs to: its organizational unit."""
    certificate = x509.load_pem_x509_certificate(files.certificate_pem)
    units = certificate.subject.get_attributes_for_oid(NameOID.ORGANIZATIONAL_UNIT_NAME)
    if not units:
        raise LookupError("the certificate names no team")
    return str(units[0].value)

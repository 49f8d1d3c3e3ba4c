"""The service accounts of the issuers as they lie in one folder, read again when they change.

<issuer id>/service-account.json    the key file, as Google's console gives it out
buttons/<language>.svg              Google's own button, as Google's page gives it out
"""

import json
import threading
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from gateway.domain.wording import Language
from passes.google.ids import is_issuer_id
from passes.google.save_link import LinkSigner

FILE = "service-account.json"
FILE_BYTES_MAX = 64 * 1024
BUTTONS = "buttons"
BUTTON_BYTES_MAX = 256 * 1024


class AccountMissing(LookupError):
    """There is no usable service account for this issuer; the text quotes nothing of it."""


class ButtonMissing(LookupError):
    """There is no usable button of Google's in this language."""


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A signer, and the state of the file it was prepared from."""

    state: tuple[int, int]
    signer: LinkSigner


class GoogleFolder:
    """Signers of save links by issuer; safe to share among threads, and called from them."""

    def __init__(self, folder: Path | None) -> None:
        """Take the folder; without one there are no signers."""
        self._folder = folder
        self._prepared: dict[str, _Prepared] = {}
        self._preparing = threading.Lock()

    def signer(self, issuer_id: str) -> LinkSigner:
        """Return the signer of an issuer's links, its key parsed once; raises `AccountMissing`."""
        # The name becomes a path: it may not lead elsewhere, whoever asks.
        if self._folder is None or not is_issuer_id(issuer_id):
            raise AccountMissing(f"{issuer_id} has no folder")
        file = self._folder / issuer_id / FILE
        try:
            found = file.stat()
        except OSError as missing:
            raise AccountMissing(f"{issuer_id} has no {FILE}") from missing
        state = (found.st_mtime_ns, found.st_size)
        with self._preparing:
            prepared = self._prepared.get(issuer_id)
            if prepared is None or prepared.state != state:
                prepared = _Prepared(state, _signer(issuer_id, file))
                self._prepared[issuer_id] = prepared
        return prepared.signer

    def has_button(self, language: Language) -> bool:
        """Say whether there is Google's button in a language."""
        file = self._button(language)
        return file is not None and file.is_file()

    def button(self, language: Language) -> bytes:
        """Return Google's button in a language, an SVG; raises `ButtonMissing`."""
        file = self._button(language)
        try:
            if file is None:
                raise ButtonMissing(language)
            with file.open("rb") as opened:
                drawing = opened.read(BUTTON_BYTES_MAX + 1)
        except OSError as missing:
            raise ButtonMissing(language) from missing
        if len(drawing) > BUTTON_BYTES_MAX:
            raise ButtonMissing(f"{language} has more than {BUTTON_BYTES_MAX} bytes")
        return drawing

    def _button(self, language: Language) -> Path | None:
        return self._folder / BUTTONS / f"{language}.svg" if self._folder else None


def _signer(issuer_id: str, file: Path) -> LinkSigner:
    try:
        with file.open("rb") as opened:
            account = json.loads(opened.read(FILE_BYTES_MAX))
        key = load_pem_private_key(account["private_key"].encode(), password=None)
        email, key_id = str(account["client_email"]), str(account["private_key_id"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        # Its own words would quote the file.
        raise AccountMissing(f"{issuer_id} has an unusable {FILE}") from None
    if not isinstance(key, RSAPrivateKey):
        raise AccountMissing(f"{issuer_id} has a key of another kind than RSA")
    return LinkSigner(email, key_id, key)

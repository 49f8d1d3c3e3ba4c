"""Signed callbacks: tells a class's owner that somebody saved or removed its pass.

https://developers.google.com/wallet/generic/use-cases/use-callbacks-for-saves-and-deletions
"""

import asyncio
import base64
import json
import secrets
from collections import deque
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import aiohttp
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from sandbox.google.budgets import Clock

PROTOCOL, SENDER = "ECv2SigningOnly", "GooglePayPasses"
ROOT_SECONDS, INTERMEDIATE_SECONDS, MESSAGE_SECONDS = 365 * 86_400, 7 * 86_400, 3_600
TRIES_PAUSE_SECONDS = (0.0, 1.0, 5.0, 30.0)
SENT_KEPT_MAX = 1_000
TIMEOUT = aiohttp.ClientTimeout(total=10.0)


@dataclass(frozen=True, slots=True)
class Sent:
    """A callback that was sent; the status is 0 where nobody answered."""

    event: str
    object_id: str
    status: int


class CallbackSigner:
    """Google's keys: a root that is published, and an intermediate that signs messages."""

    def __init__(self, folder: Path | None, clock: Clock) -> None:
        """Keep the keys in a folder, so that a restart does not change them."""
        self._clock = clock
        self._root = _key(folder and folder / "callback-root.pem")
        self._intermediate = _key(folder and folder / "callback-intermediate.pem")

    def root_keys(self) -> dict[str, list[dict[str, str]]]:
        """Give what https://pay.google.com/gp/m/issuer/keys would answer."""
        return {
            "keys": [
                {
                    "keyValue": _public(self._root),
                    "protocolVersion": PROTOCOL,
                    "keyExpiration": self._milliseconds(ROOT_SECONDS),
                }
            ]
        }

    def envelope(self, issuer_id: str, event: str, class_id: str, object_id: str) -> str:
        """Sign one event, with a nonce of its own."""
        message = json.dumps(
            {
                "classId": class_id,
                "objectId": object_id,
                "eventType": event,
                "expTimeMillis": int(self._milliseconds(MESSAGE_SECONDS)),
                "count": 1,
                "nonce": secrets.token_hex(16),
            }
        )
        signed_key = json.dumps(
            {
                "keyValue": _public(self._intermediate),
                "keyExpiration": self._milliseconds(INTERMEDIATE_SECONDS),
            }
        )
        key_signature = _signature(self._root, SENDER, PROTOCOL, signed_key)
        return json.dumps(
            {
                "signature": _signature(self._intermediate, SENDER, issuer_id, PROTOCOL, message),
                "intermediateSigningKey": {"signedKey": signed_key, "signatures": [key_signature]},
                "protocolVersion": PROTOCOL,
                "signedMessage": message,
            }
        )

    def _milliseconds(self, seconds: int) -> str:
        return str(int((self._clock() + seconds) * 1000))


class Callbacks:
    """Sends callbacks in the background, again when nobody answered well."""

    def __init__(self, signer: CallbackSigner, session: aiohttp.ClientSession) -> None:
        self.sent: deque[Sent] = deque(maxlen=SENT_KEPT_MAX)
        self.pauses: tuple[float, ...] = TRIES_PAUSE_SECONDS
        self._signer = signer
        self._session = session
        self._spoilt = 0
        self._tasks: set[asyncio.Task[None]] = set()

    def spoil_next(self) -> None:
        """Give the next callback a signature that fits nothing."""
        self._spoilt += 1

    def tell(self, url: str, event: str, class_id: str, object_id: str) -> None:
        """Send `save` or `del` to a class's callback address."""
        issuer_id = class_id.partition(".")[0]
        body = self._signer.envelope(issuer_id, event, class_id, object_id)
        if self._spoilt:
            self._spoilt -= 1
            body = self._signer.envelope("0", event, class_id, object_id)
        task = asyncio.get_running_loop().create_task(self._send(url, event, object_id, body))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def settle(self) -> None:
        """Wait until every callback was taken or given up."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    async def close(self) -> None:
        """Give up what is under way."""
        for task in self._tasks:
            task.cancel()
        await self.settle()

    async def _send(self, url: str, event: str, object_id: str, body: str) -> None:
        for pause in self.pauses:
            await asyncio.sleep(pause)
            status = await self._post(url, body)
            self.sent.append(Sent(event, object_id, status))
            if status and status < 500:  # noqa: PLR2004 -- a server's trouble passes
                return

    async def _post(self, url: str, body: str) -> int:
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "Mozilla/5.0 (compatible; Googlebot/2.1)",
        }
        try:
            async with self._session.post(
                url, data=body, headers=headers, timeout=TIMEOUT, allow_redirects=False
            ) as response:
                return response.status
        except (aiohttp.ClientError, TimeoutError, OSError):
            return 0


def _signature(key: ec.EllipticCurvePrivateKey, *words: str) -> str:
    """Sign words, each after its length in bytes: four bytes, the smallest first."""
    signed = b""
    for word in words:
        data = word.encode()
        signed += len(data).to_bytes(4, "little") + data
    return base64.b64encode(key.sign(signed, ec.ECDSA(SHA256()))).decode()


def _public(key: ec.EllipticCurvePrivateKey) -> str:
    der = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return base64.b64encode(der).decode()


def _key(path: Path | None) -> ec.EllipticCurvePrivateKey:
    """Read a P-256 key, or draw it and keep it for its owner only."""
    if path is not None and path.exists():
        return cast("ec.EllipticCurvePrivateKey", load_pem_private_key(path.read_bytes(), None))
    key = ec.generate_private_key(ec.SECP256R1())
    if path is not None:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return key

"""Links by which a customer's own phone fetches the pass: signed, and soon worthless."""

import hmac
import re
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from datetime import datetime, timedelta
from urllib.parse import quote, urlencode
from uuid import UUID

from gateway.domain.errors import Kind, Refusal

LINK_LIFE = timedelta(minutes=10)

_SECONDS = re.compile(r"[0-9]{1,11}")


class LinkEnded(Refusal):
    """This link has ended. Please open your card's page again and add the pass from there."""

    code = "link_ended"
    kind = Kind.NOT_FOUND


def download_link(key: bytes, merchant: str, card_id: UUID, now: datetime) -> str:
    """Return the path and query at which the card's pass can be downloaded for ten minutes.

    `merchant` is the merchant's name in addresses; `key` is `resources.keys.links`.
    """
    expires = str(int((now + LINK_LIFE).timestamp()))
    query = urlencode(
        {"expires": expires, "signature": _signature(key, merchant, card_id, expires)}
    )
    return f"/card/{quote(merchant)}/{card_id}/pass.pkpass?{query}"


def check_download(
    key: bytes, merchant: str, card_id: UUID, query: Mapping[str, str], now: datetime
) -> None:
    """Raise `LinkEnded` unless we made the link with this query in the last ten minutes."""
    expires, signature = query.get("expires", ""), query.get("signature", "")
    expected = _signature(key, merchant, card_id, expires)
    is_ours = hmac.compare_digest(expected.encode(), signature.encode("utf-8", "replace"))
    if not is_ours or not _SECONDS.fullmatch(expires) or int(expires) < now.timestamp():
        raise LinkEnded


def _signature(key: bytes, merchant: str, card_id: UUID, expires: str) -> str:
    message = f"pass.pkpass\n{merchant}\n{card_id}\n{expires}".encode("utf-8", "replace")
    return urlsafe_b64encode(hmac.digest(key, message, "sha256")).rstrip(b"=").decode()

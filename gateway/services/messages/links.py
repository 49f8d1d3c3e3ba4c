"""Links that customers find in messages: signed, each for one purpose, saying nothing of anybody.

They last as long as the mail they stand in: who wants no more offers next year may say so.
"""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from dataclasses import dataclass, field
from urllib.parse import quote
from uuid import UUID

from gateway.domain.consents import Medium, Purpose
from gateway.domain.errors import Kind, Refusal

# Half of SHA-256, as RFC 2104 §5 allows: a link must fit into a text message.
MAC_BYTES = 16
ID_BYTES = 16
TOKEN_CHARACTERS_MAX = 100
_MEDIA, _PURPOSES = tuple(Medium), tuple(Purpose)
_OPEN, _UNSUBSCRIBE, _PREFERENCES = b"open card", b"unsubscribe", b"preferences"


class LinkUnreadable(Refusal):
    """This link is not complete. Please use the one in our message."""

    code = "link_unreadable"
    kind = Kind.NOT_FOUND


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsubscription:
    """Who wants to hear no more, of what, and by which way."""

    merchant_id: UUID
    customer_id: UUID
    medium: Medium
    purpose: Purpose


@dataclass(frozen=True, slots=True, kw_only=True)
class PreferenceHolder:
    """Whose choices a link leads to."""

    merchant_id: UUID
    customer_id: UUID


@dataclass(frozen=True, slots=True)
class MessageLinks:
    """Makes the links of messages: `key` is `resources.keys.links`, `public_url` has no slash."""

    key: bytes = field(repr=False)
    public_url: str

    def card(self, slug: str, card_id: UUID) -> str:
        """Return the address that lets a browser hold a card from now on."""
        proof = make_card_proof(self.key, slug, card_id)
        return f"{self.public_url}/card/{quote(slug)}/{card_id}/open?proof={proof}"

    def preferences(self, holder: PreferenceHolder) -> str:
        """Return the address of a customer's choices."""
        return f"{self.public_url}/choices/{make_preferences_token(self.key, holder)}"

    def unsubscribe(self, unsubscription: Unsubscription) -> str:
        """Return the address that ends offers when it is posted to (RFC 8058)."""
        token = make_unsubscribe_token(self.key, unsubscription)
        return f"{self.public_url}/unsubscribe/{token}"


def make_card_proof(key: bytes, slug: str, card_id: UUID) -> str:
    """Return what in an address proves that we gave it to the card's customer."""
    return _text(_mac(key, _OPEN, slug.encode() + card_id.bytes))


def is_card_proof(key: bytes, slug: str, card_id: UUID, proof: str) -> bool:
    """Say whether we made the proof for this card; takes the same time for every wrong one."""
    expected = make_card_proof(key, slug, card_id)
    return hmac.compare_digest(expected.encode(), proof.encode("utf-8", "replace"))


def make_unsubscribe_token(key: bytes, unsubscription: Unsubscription) -> str:
    """Return what the one-click link carries."""
    way = (_MEDIA.index(unsubscription.medium), _PURPOSES.index(unsubscription.purpose))
    ids = unsubscription.merchant_id.bytes + unsubscription.customer_id.bytes
    return _signed(key, _UNSUBSCRIBE, ids + bytes(way))


def read_unsubscribe_token(key: bytes, token: str) -> Unsubscription:
    """Return what a one-click link asks for; raises `LinkUnreadable`."""
    said = _checked(key, _UNSUBSCRIBE, token)
    medium, purpose = said[2 * ID_BYTES :]
    return Unsubscription(
        merchant_id=UUID(bytes=said[:ID_BYTES]),
        customer_id=UUID(bytes=said[ID_BYTES : 2 * ID_BYTES]),
        medium=_MEDIA[medium],
        purpose=_PURPOSES[purpose],
    )


def make_preferences_token(key: bytes, holder: PreferenceHolder) -> str:
    """Return what the link to a customer's choices carries."""
    return _signed(key, _PREFERENCES, holder.merchant_id.bytes + holder.customer_id.bytes)


def read_preferences_token(key: bytes, token: str) -> PreferenceHolder:
    """Return whose choices a link leads to; raises `LinkUnreadable`."""
    said = _checked(key, _PREFERENCES, token)
    return PreferenceHolder(
        merchant_id=UUID(bytes=said[:ID_BYTES]), customer_id=UUID(bytes=said[ID_BYTES:])
    )


def _signed(key: bytes, use: bytes, said: bytes) -> str:
    return _text(said + _mac(key, use, said))


def _checked(key: bytes, use: bytes, token: str) -> bytes:
    """Return what a token says, if we signed it for this use; raises `LinkUnreadable`."""
    if len(token) > TOKEN_CHARACTERS_MAX or not token.isascii():
        raise LinkUnreadable
    try:
        signed = urlsafe_b64decode(token + "=" * (-len(token) % 4))
    except NotBase64:
        raise LinkUnreadable from None
    said, mac = signed[:-MAC_BYTES], signed[-MAC_BYTES:]
    # base64 reads many spellings of the same bytes, and a link has one (RFC 4648 §3.5).
    if not hmac.compare_digest(_mac(key, use, said), mac) or _text(signed) != token:
        raise LinkUnreadable
    return said


def _mac(key: bytes, use: bytes, said: bytes) -> bytes:
    """Sign for one use: what was made for another has another name in front."""
    return hmac.digest(key, b"message link|" + use + b"|" + said, "sha256")[:MAC_BYTES]


def _text(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()

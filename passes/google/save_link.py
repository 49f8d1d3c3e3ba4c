"""The signed token in a link that saves a card to a wallet.

The class and the object exist before the link is given out, so the link holds their names only:
nothing personal in an address, and always short enough.
Source: https://developers.google.com/wallet/reference/rest/v1/Jwt,
https://developers.google.com/wallet/retail/loyalty-cards/web
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from passes.errors import InvalidPass, Problem
from passes.google.ids import ClassId, ObjectId

TOKEN_CHARACTERS_MAX = 1_800
"""The "maximum safe length": browsers cut longer addresses, and the save fails."""


@dataclass(frozen=True, slots=True)
class LinkSigner:
    """A service account that may write for its issuers; its key is parsed once, by the caller."""

    email: str
    key_id: str
    _key: RSAPrivateKey = field(repr=False)

    def token(
        self,
        object_id: ObjectId,
        class_id: ClassId,
        issued_at: datetime,
        origins: Sequence[str] = (),
    ) -> str:
        """Sign the token of a save link, for the sites `origins` that show Google's own button.

        It never ends: who saves it may do so twice, and only `State` takes the card away. Make it
        when it is asked for, and keep it out of logs: whoever has it has the card.
        Raises InvalidPass above TOKEN_CHARACTERS_MAX, which takes many origins or a huge key.
        """
        card = {"id": str(object_id), "classId": str(class_id)}
        claims = {
            "iss": self.email,
            "aud": "google",
            "typ": "savetowallet",
            # Google takes whole seconds as a number; a string spoils the link.
            "iat": int(issued_at.timestamp()),
            "origins": list(origins),
            "payload": {"loyaltyObjects": [card]},
        }
        token = jwt.encode(claims, self._key, algorithm="RS256", headers={"kid": self.key_id})
        if len(token) > TOKEN_CHARACTERS_MAX:
            sentence = f"The link would have {len(token)} characters of {TOKEN_CHARACTERS_MAX}."
            raise InvalidPass([Problem("link.too-long", "jwt", sentence)])
        return token

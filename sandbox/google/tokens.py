"""Google's token endpoint: an access token for an assertion signed by a service account.

https://developers.google.com/identity/protocols/oauth2/service-account and RFC 7523 §2.1
"""

import secrets
from collections.abc import Mapping
from typing import Any

import jwt

from sandbox.google.accounts import Account, Accounts
from sandbox.google.budgets import Clock
from sandbox.google.refusals import unauthorized

GRANT_TYPE = "urn:ietf:params:oauth:grant-type:jwt-bearer"
SCOPE = "https://www.googleapis.com/auth/wallet_object.issuer"
AUDIENCE = "https://oauth2.googleapis.com/token"
TOKEN_SECONDS = 3_600
ASSERTION_SECONDS_MAX = 3_600


class AssertionRefused(Exception):
    """Why no token was given, in OAuth's words."""


class Tokens:
    """Gives tokens and knows whose they are until they end."""

    def __init__(self, accounts: Accounts, clock: Clock) -> None:
        self.seconds = TOKEN_SECONDS
        self.given = 0
        self._accounts = accounts
        self._clock = clock
        self._known: dict[str, tuple[Account, float]] = {}

    def give(self, form: Mapping[str, Any]) -> Mapping[str, Any]:
        """Answer a token request, or raise AssertionRefused."""
        if form.get("grant_type") != GRANT_TYPE:
            raise AssertionRefused("unsupported_grant_type")
        account = self._signer(str(form.get("assertion", "")))
        token = secrets.token_urlsafe(32)
        self._known[token] = account, self._clock() + self.seconds
        self.given += 1
        return {"access_token": token, "expires_in": self.seconds, "token_type": "Bearer"}

    def account(self, authorization: str) -> Account:
        """Return whose token an `Authorization` header holds, or say 401."""
        account, ends = self._known.get(authorization.removeprefix("Bearer "), (None, 0.0))
        if account is None or self._clock() >= ends:
            raise unauthorized()
        return account

    def revoke(self) -> None:
        """Take back every token, so that the next call is answered with 401."""
        self._known.clear()

    def _signer(self, assertion: str) -> Account:
        try:
            claimed = jwt.decode(assertion, options={"verify_signature": False})
            account = self._accounts.of(str(claimed.get("iss")))
            if account is None:
                raise AssertionRefused("invalid_grant")
            claims = jwt.decode(
                assertion,
                account.public_key,
                algorithms=["RS256"],
                audience=AUDIENCE,
                options={"require": ["iss", "aud", "iat", "exp"]},
            )
        except jwt.PyJWTError as error:
            raise AssertionRefused("invalid_grant") from error
        if claims["exp"] - claims["iat"] > ASSERTION_SECONDS_MAX:
            raise AssertionRefused("invalid_grant")
        if SCOPE not in str(claims.get("scope", "")).split():
            raise AssertionRefused("invalid_scope")
        return account

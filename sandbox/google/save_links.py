"""What Google checks before a save link shows a pass.

https://developers.google.com/wallet/reference/rest/v1/Jwt
"""

from typing import Any

import jwt

from sandbox.google.accounts import Accounts
from sandbox.google.records import CLASS, OBJECT
from sandbox.google.refusals import ApiRefusal
from sandbox.google.wallet import Wallet

LINK_CHARACTERS_MAX = 1_800


class LinkRefused(Exception):
    """Why Google would show "Something went wrong" instead of a pass."""


def objects_of(link: str, accounts: Accounts, wallet: Wallet) -> list[str]:
    """Return the ids of the objects a save link's JWT names; raises LinkRefused."""
    if len(link) > LINK_CHARACTERS_MAX:
        raise LinkRefused(f"the JWT has {len(link)} characters, more than {LINK_CHARACTERS_MAX}")
    claims = _claims(link, accounts)
    account = accounts.of(claims["iss"])
    named = claims["payload"].get("loyaltyObjects", [])
    ids = [str(each.get("id")) for each in named if isinstance(each, dict)]
    if not ids:
        raise LinkRefused("the JWT names no loyalty object")
    for object_id in ids:
        if account is None or object_id.partition(".")[0] != account.issuer_id:
            raise LinkRefused("the service account is no user of the issuer")
        _check_saveable(object_id, wallet)
    return ids


def _claims(link: str, accounts: Accounts) -> dict[str, Any]:
    try:
        claimed = jwt.decode(link, options={"verify_signature": False})
        account = accounts.of(str(claimed.get("iss")))
        if account is None:
            raise LinkRefused("nobody knows the service account in iss")
        claims: dict[str, Any] = jwt.decode(
            link, account.public_key, algorithms=["RS256"], audience="google"
        )
    except jwt.PyJWTError as error:
        raise LinkRefused(f"the JWT cannot be verified: {error}") from error
    if claims.get("typ") != "savetowallet":
        raise LinkRefused("typ is not savetowallet")
    if type(claims.get("iat")) is not int:
        raise LinkRefused("iat is not a whole number")
    if not isinstance(claims.get("origins", []), list):
        raise LinkRefused("origins is not a list")
    if not isinstance(claims.get("payload"), dict):
        raise LinkRefused("there is no payload")
    return claims


def _check_saveable(object_id: str, wallet: Wallet) -> None:
    try:
        record = wallet.get(OBJECT, object_id)
        wallet.get(CLASS, record.content["classId"])
    except ApiRefusal as refusal:
        raise LinkRefused(str(refusal)) from refusal
    if record.content["state"] not in {"ACTIVE", "active"}:
        raise LinkRefused(f"{object_id} is {record.content['state']}")

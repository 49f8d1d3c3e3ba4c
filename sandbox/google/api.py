"""The table of methods out of Google's document, and what each does here."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from sandbox.google.accounts import Account, Accounts
from sandbox.google.discovery import Method, methods
from sandbox.google.fields import partial
from sandbox.google.merging import without_nulls
from sandbox.google.records import CLASS, OBJECT, Content
from sandbox.google.refusals import ApiRefusal, invalid, permission_denied
from sandbox.google.rules import check_body, check_id
from sandbox.google.save_links import LinkRefused, objects_of
from sandbox.google.wallet import Wallet

# Every method takes these too (the document's top-level `parameters`).
COMMON_QUERY = frozenset({"alt", "fields", "key", "prettyPrint", "quotaUser", "$.xgafv"})
_KINDS = {"loyaltyclass": CLASS, "loyaltyobject": OBJECT}


@dataclass(frozen=True, slots=True)
class ApiCall:
    """A call as it arrived: `target` is path and query as they stand in the request line."""

    verb: str
    target: str
    body: bytes

    @property
    def path(self) -> str:
        """The path without its first slash."""
        return urlsplit(self.target).path.removeprefix("/")

    @property
    def query(self) -> dict[str, str]:
        """The query, the last of each name."""
        found = parse_qs(urlsplit(self.target).query, keep_blank_values=True)
        return {name: values[-1] for name, values in found.items()}


@dataclass(frozen=True, slots=True)
class _Matched:
    method: Method
    resource_id: str
    query: Mapping[str, str]
    body: Content


class Api:
    """Answers calls by Google's table; a call it does not have is 404, as with Google."""

    def __init__(self, wallet: Wallet, accounts: Accounts) -> None:
        self._wallet = wallet
        self._accounts = accounts

    def answer(self, call: ApiCall, account: Account) -> tuple[int, Mapping[str, Any]]:
        """Do what a call asks for; returns status and body."""
        try:
            matched = _match(call)
            content = self._do(matched, account)
            return 200, partial(content, matched.query.get("fields", ""))
        except ApiRefusal as refusal:
            return refusal.status, refusal.body

    def _do(self, call: _Matched, account: Account) -> Content:
        noun, verb = call.method.id.split(".")[-2:]
        if (noun, verb) == ("jwt", "validate"):
            return self._validate(call)
        kind = _KINDS.get(noun)
        action = self._actions().get(verb)
        if kind is None or action is None:
            raise ApiRefusal(501, "notImplemented", f"The stand-in has no {call.method.id}.")
        for resource_id in (call.resource_id, call.body.get("id"), call.query.get("classId")):
            _check_issuer(resource_id, account)
        return action(kind, call)

    def _validate(self, call: _Matched) -> Content:
        """Say whether a save link would be taken; the tokens of `jsonResource` are not read."""
        try:
            token = str(call.body.get("jwtResource", {}).get("jwt", ""))
            objects_of(token, self._accounts, self._wallet)
        except LinkRefused as refused:
            raise invalid(f"Invalid JWT: {refused}") from refused
        return {}

    def _actions(self) -> Mapping[str, Callable[[str, _Matched], Content]]:
        wallet = self._wallet
        return {
            "get": lambda kind, call: wallet.get(kind, call.resource_id).content,
            "insert": lambda kind, call: wallet.insert(kind, call.body),
            "update": lambda kind, call: wallet.update(kind, call.resource_id, call.body),
            "patch": lambda kind, call: wallet.patch(kind, call.resource_id, call.body),
            "addmessage": lambda kind, call: wallet.add_message(
                kind, call.resource_id, call.body.get("message", {})
            ),
            "list": self._list,
        }

    def _list(self, kind: str, call: _Matched) -> Content:
        query = call.query
        parent = query.get("classId" if kind == OBJECT else "issuerId", "")
        size = query.get("maxResults", "0")
        if not size.isdecimal():
            raise invalid("maxResults must be a number.")
        return self._wallet.page(kind, parent, int(size), query.get("token", ""))


def _match(call: ApiCall) -> _Matched:
    for method in methods():
        resource_id = _resource_id(method, call)
        if resource_id is not None:
            unknown = call.query.keys() - method.query - COMMON_QUERY
            if unknown:
                raise invalid(f"Invalid query parameter {min(unknown)}.")
            return _Matched(method, resource_id, call.query, _body(method, call.body))
    raise ApiRefusal(404, "notFound", "Not Found", domain="global")


def _resource_id(method: Method, call: ApiCall) -> str | None:
    """Return the id in the path where the method is the one called, "" where it has none."""
    if method.verb != call.verb:
        return None
    before, has_id, after = method.path.partition("{resourceId}")
    if not has_id:
        return "" if call.path == method.path else None
    middle = call.path.removeprefix(before).removesuffix(after)
    fits = call.path == before + middle + after and "/" not in middle and bool(middle)
    return unquote(middle) if fits else None


def _body(method: Method, content: bytes) -> Content:
    if method.request is None:
        return {}
    try:
        body = json.loads(content)
    except ValueError:
        raise invalid("Invalid JSON payload received.") from None
    check_body(method.request, without_nulls(body) if isinstance(body, dict) else body)
    return dict(body)


def _check_issuer(resource_id: str | None, account: Account) -> None:
    """Refuse an id that is none, or another issuer's; one that is not given is nobody's."""
    if not resource_id:
        return
    check_id(resource_id)
    if resource_id.partition(".")[0] != account.issuer_id:
        raise permission_denied()

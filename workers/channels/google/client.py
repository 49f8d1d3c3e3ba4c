"""The Google channel: puts loyalty classes and objects, and adds messages to them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import aiohttp

from workers.channels.base import (
    DELIVERED,
    Ambiguous,
    Delivered,
    Outcome,
    Permanent,
    Temporary,
    Unclassified,
)
from workers.channels.google.answers import ALREADY_EXISTS, NOT_FOUND, Answer, react
from workers.channels.google.calls import CALL_TIMEOUT, Call, Caller, JsonObject, Lost, Resource
from workers.channels.google.tokens import AccessTokens


@dataclass(frozen=True, slots=True)
class Found:
    """A resource as Google has it; fields that are empty there are missing here."""

    content: Mapping[str, Any]


Unread = Temporary | Permanent | Unclassified


class GoogleWallet:
    """Any number of issuers at Google Wallet; every way a call can fail is an Outcome."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        base_url: str,
        tokens: AccessTokens,
        *,
        timeout: aiohttp.ClientTimeout = CALL_TIMEOUT,
    ) -> None:
        """Take the session all calls share, Google's origin, and where tokens come from."""
        self._caller = Caller(session, base_url, tokens, timeout)

    async def put_class(self, class_id: str, body: JsonObject, *, is_new: bool = False) -> Outcome:
        """Make the class be as `body` says, inserting it first where it is probably new.

        Fields that `body` does not name stay as they are; arrays are replaced whole. Safe to
        repeat. Permanent QUOTA_EXCEEDED: once more, without a notification.
        https://developers.google.com/wallet/reference/rest/v1/loyaltyclass
        """
        return await self._put(Resource.CLASS, class_id, body, is_new=is_new)

    async def put_object(
        self, object_id: str, body: JsonObject, *, is_new: bool = False
    ) -> Outcome:
        """Make the object be as `body` says, as `put_class` does.

        Permanent NOT_FOUND: its class does not exist yet.
        https://developers.google.com/wallet/reference/rest/v1/loyaltyobject
        """
        return await self._put(Resource.OBJECT, object_id, body, is_new=is_new)

    async def add_message(
        self,
        resource: Resource,
        resource_id: str,
        message: JsonObject,
        *,
        is_repeat: bool = False,
    ) -> Outcome:
        """Add a message (which must have an `id`) to a class or an object, once.

        Google takes the same message as often as it is sent. So where no answer came the
        resource is read back, and with `is_repeat`, which says that an earlier attempt may have
        reached Google, it is read before anything is sent. At most one POST per call.
        https://developers.google.com/wallet/reference/rest/v1/loyaltyobject/addmessage
        """
        if is_repeat:
            outcome = await self._look_for(message, resource, resource_id)
            if outcome is not None:
                return outcome
        answer = await self._caller.call(
            Call(
                verb="POST",
                resource=resource,
                resource_id=resource_id,
                action="/addMessage",
                body={"message": message},
                fields="resource/id",
            )
        )
        outcome = _outcome(answer)
        if not isinstance(outcome, Ambiguous):
            return outcome
        return await self._look_for(message, resource, resource_id) or Temporary(outcome.reason)

    async def check_link(self, object_id: str, token: str) -> Outcome:
        """Ask whether the token of a save link would be taken; Permanent says why not.

        https://developers.google.com/wallet/reference/rest/v1/jwt/validate
        """
        call = Call(
            verb="POST",
            resource=Resource.LINK_CHECK,
            resource_id=object_id,
            action=None,
            body={"jwtResource": {"jwt": token}},
            fields="*",
        )
        return await self._write(call)

    async def find(self, resource: Resource, resource_id: str, fields: str) -> Found | Unread:
        """Read a resource; `fields` names what to read, such as ``id,messages/id``."""
        answer = await self._caller.call(
            Call(verb="GET", resource=resource, resource_id=resource_id, fields=fields)
        )
        outcome = _outcome(answer)
        if isinstance(outcome, Delivered):
            assert isinstance(answer, Answer), "only an answer says that"
            return Found(answer.content or {})
        # Reading changes nothing, so it can simply be done again.
        return Temporary(outcome.reason) if isinstance(outcome, Ambiguous) else outcome

    async def _put(
        self, resource: Resource, resource_id: str, body: JsonObject, *, is_new: bool
    ) -> Outcome:
        insert = Call(
            verb="POST",
            resource=resource,
            resource_id=resource_id,
            action=None,
            body={**body, "id": resource_id},
        )
        patch = Call(verb="PATCH", resource=resource, resource_id=resource_id, body=body)
        outcome = await self._write(insert if is_new else patch)
        if not is_new and outcome == NOT_FOUND:
            outcome = await self._write(insert)
        if outcome == ALREADY_EXISTS:
            # Somebody's earlier attempt, or our own whose answer was lost; what is there is old.
            outcome = await self._write(patch)
        return outcome

    async def _write(self, call: Call) -> Outcome:
        """Send a call that may be repeated, since it says how things shall be in the end."""
        outcome = _outcome(await self._caller.call(call))
        return Temporary(outcome.reason) if isinstance(outcome, Ambiguous) else outcome

    async def _look_for(
        self, message: JsonObject, resource: Resource, resource_id: str
    ) -> Outcome | None:
        """Return Delivered where the message already is, None where not, or why it is unknown."""
        found = await self.find(resource, resource_id, "id,messages/id")
        if not isinstance(found, Found):
            return found
        return DELIVERED if message["id"] in _message_ids(found.content) else None


def _message_ids(content: JsonObject) -> set[str]:
    """Return the ids of a resource's messages, as far as the answer has the shape of one."""
    messages = content.get("messages", [])
    if not isinstance(messages, list):
        return set()
    return {str(message.get("id")) for message in messages if isinstance(message, dict)}


def _outcome(answer: Answer | Temporary | Lost) -> Outcome:
    if isinstance(answer, Lost):
        return Ambiguous(answer.reason)
    if isinstance(answer, Temporary):
        return answer
    return react(answer) or Ambiguous("NotJson")

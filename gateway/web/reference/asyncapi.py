"""The door where others read which events there are."""

from aiohttp import web

from gateway.presenters.asyncapi import asyncapi
from gateway.web.answers import json_answer
from gateway.web.keys import WIRING


async def events_document(request: web.Request) -> web.Response:
    """Describe the events as an AsyncAPI 3.0 document."""
    return json_answer(asyncapi(request.app[WIRING].public_url))

"""The pages of the text messages: every number's phone, which can answer."""

import re

from aiohttp import web

from sandbox.phone.surroundings import PAGES
from sandbox.sms.answers import Misbehaviour
from sandbox.sms.inbox import State
from sandbox.sms.stand_in import WORDS_CHARACTERS_MAX, SmsStandIn

SMS = web.AppKey("SMS", SmsStandIn)
READY_WORDS = ("STOP", "HELP")
_DIGITS = re.compile(r"[1-9][0-9]{6,14}", re.ASCII)


def add_sms(app: web.Application, sms: SmsStandIn) -> None:
    """Add the pages of a stand-in."""
    app[SMS] = sms
    app.add_routes(
        [
            web.get("/sms", _list),
            web.get("/sms/{digits}", _show),
            web.post("/sms/{digits}/answer", _answer),
            web.post("/sms/next/{command}", _misbehave),
        ]
    )


async def _list(request: web.Request) -> web.Response:
    numbers = request.app[SMS].inbox.numbers
    return _page(request, "sms.html.jinja", numbers=numbers, commands=list(Misbehaviour))


async def _show(request: web.Request) -> web.Response:
    number = _number(request)
    answered = request.query.get("answered", "")
    return _page(
        request,
        "sms_number.html.jinja",
        number=number,
        texts=request.app[SMS].inbox.of(number),
        mine=State.ANSWER,
        ready_words=READY_WORDS,
        answered=answered if answered.isdecimal() else "",
    )


async def _answer(request: web.Request) -> web.Response:
    number, form = _number(request), await request.post()
    words = str(form.get("words", "")).strip()
    if not 1 <= len(words) <= WORDS_CHARACTERS_MAX:
        raise web.HTTPBadRequest(text=f"words: 1 to {WORDS_CHARACTERS_MAX} characters")
    status = await request.app[SMS].answer(number, words)
    raise web.HTTPSeeOther(f"/sms/{number.removeprefix('+')}?answered={status}")


async def _misbehave(request: web.Request) -> web.Response:
    try:
        command = Misbehaviour(request.match_info["command"])
    except ValueError:
        raise web.HTTPNotFound from None
    request.app[SMS].next(command)
    raise web.HTTPSeeOther("/sms")


def _number(request: web.Request) -> str:
    """Return the number of the address, which must have got a text."""
    digits = request.match_info["digits"]
    if not _DIGITS.fullmatch(digits) or not request.app[SMS].inbox.of(f"+{digits}"):
        raise web.HTTPNotFound
    return f"+{digits}"


def _page(request: web.Request, template: str, **values: object) -> web.Response:
    html = request.app[PAGES].get_template(template).render(**values)
    return web.Response(text=html, content_type="text/html")

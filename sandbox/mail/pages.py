"""The mailbox's pages: what arrived, how it looks, what is wrong with it."""

import aiohttp
from aiohttp import web
from yarl import URL

from sandbox.mail.commands import COMMANDS
from sandbox.mail.mailbox import Letter
from sandbox.mail.stand_in import MailStandIn
from sandbox.phone.surroundings import PAGES

MAIL = web.AppKey("MAIL", MailStandIn)
PUBLIC_URL = web.AppKey("MAIL_PUBLIC_URL", URL)
UNSUBSCRIBE_SECONDS_MAX = 10.0
LETTERS_SHOWN_MAX = 100
# The mail stands in a frame that may run and load nothing.
_FRAME_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox; frame-ancestors 'self'"
)
_PAGE_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; frame-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


def add_mail(app: web.Application, mail: MailStandIn, public_url: str) -> None:
    """Add the pages of a mail server; its unsubscribe button speaks to `public_url` only."""
    app[MAIL], app[PUBLIC_URL] = mail, URL(public_url)
    app.add_routes(
        [
            web.get("/mail", _list),
            web.get("/mail/{letter}", _show),
            web.get("/mail/{letter}/html", _show_html),
            web.post("/mail/{letter}/unsubscribe", _unsubscribe),
            web.post("/mail/next/{command}", _misbehave),
        ]
    )


async def _list(request: web.Request) -> web.Response:
    letters = list(request.app[MAIL].mailbox)[:LETTERS_SHOWN_MAX]
    return _page(request, "mail.html.jinja", letters=letters, commands=list(COMMANDS))


async def _show(request: web.Request) -> web.Response:
    letter = _letter(request)
    answered = request.query.get("answered", "")
    return _page(
        request,
        "letter.html.jinja",
        letter=letter,
        headers=[(name, str(value)) for name, value in letter.message.items()],
        answered=answered if answered.isdecimal() else "",
    )


async def _show_html(request: web.Request) -> web.Response:
    headers = {"Content-Security-Policy": _FRAME_POLICY}
    html = _letter(request).body("html")
    return web.Response(text=html, content_type="text/html", headers=headers)


async def _unsubscribe(request: web.Request) -> web.Response:
    """Post as a mailbox provider does: no cookie, no redirect, nothing asked (RFC 8058 §3.2)."""
    letter = _letter(request)
    target = URL(letter.one_click or "")
    if not target.absolute or target.origin() != request.app[PUBLIC_URL].origin():
        raise web.HTTPBadRequest(text="This letter has no one-click link to our own passgate.")
    timeout = aiohttp.ClientTimeout(total=UNSUBSCRIBE_SECONDS_MAX)
    form = {"List-Unsubscribe": "One-Click"}
    try:
        async with (
            aiohttp.ClientSession(timeout=timeout) as session,
            session.post(target, data=form, allow_redirects=False) as response,
        ):
            answered = response.status
    except (aiohttp.ClientError, TimeoutError):
        answered = 0
    raise web.HTTPSeeOther(f"/mail/{letter.id}?answered={answered}")


async def _misbehave(request: web.Request) -> web.Response:
    command = request.match_info["command"]
    if command not in COMMANDS:
        raise web.HTTPNotFound
    request.app[MAIL].next(command)
    raise web.HTTPSeeOther("/mail")


def _letter(request: web.Request) -> Letter:
    letter = request.app[MAIL].mailbox.find(request.match_info["letter"])
    if letter is None:
        raise web.HTTPNotFound
    return letter


def _page(request: web.Request, template: str, **values: object) -> web.Response:
    html = request.app[PAGES].get_template(template).render(**values)
    headers = {"Content-Security-Policy": _PAGE_POLICY}
    return web.Response(text=html, content_type="text/html", headers=headers)

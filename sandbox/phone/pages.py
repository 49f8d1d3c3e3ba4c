"""The addresses of a phone: its screen, its images and colours, live events, its buttons."""

import asyncio
import contextlib

from aiohttp import web

from sandbox.google.face import faces_of
from sandbox.phone.phone import Phone
from sandbox.phone.report import report_of
from sandbox.phone.screen import colours_css, screen_html, view_of
from sandbox.phone.shelf import PhoneShelf, TooManyPhones
from sandbox.phone.surroundings import CLOCK, GOOGLE, PAGES, SHELF

PHONE_COOKIE = "sandbox_phone"
COOKIE_LIFE_S = 30 * 24 * 3600
HEARTBEAT_S = 15.0


async def open_phone(request: web.Request) -> web.StreamResponse:
    """Give this browser its phone, or a new one; `?add=` goes along."""
    is_new = "new" in request.query
    phone = _created(request.app[SHELF]) if is_new else phone_of_browser(request)
    if "add" in request.query:
        await phone.consider(request.query["add"])
    response = web.Response(status=303, headers={"Location": f"/phone/{phone.state.id}"})
    remember_phone(response, phone)
    return response


def phone_of_browser(request: web.Request) -> Phone:
    """Return the phone this browser had last, or a new one."""
    shelf = request.app[SHELF]
    return shelf.find(request.cookies.get(PHONE_COOKIE, "")) or _created(shelf)


def remember_phone(response: web.Response, phone: Phone) -> None:
    """Let this browser have the same phone next time."""
    response.set_cookie(
        PHONE_COOKIE, phone.state.id, max_age=COOKIE_LIFE_S, httponly=True, samesite="Lax"
    )


async def create_phone(request: web.Request) -> web.StreamResponse:
    """Make a new phone and show it."""
    return _done(request, _created(request.app[SHELF]))


async def show_phone(request: web.Request) -> web.StreamResponse:
    """Draw the phone and the panels beside it."""
    phone = _phone(request)
    if "add" in request.query:
        await phone.consider(request.query["add"])
        raise web.HTTPSeeOther(f"/phone/{phone.state.id}")
    view = view_of(phone, request.query)
    google = faces_of(request.app[GOOGLE], phone.state.id)
    html = screen_html(phone, view, request.app[PAGES], request.app[CLOCK](), google)
    return web.Response(text=html, content_type="text/html")


async def show_state(request: web.Request) -> web.StreamResponse:
    """The phone's state as JSON, for tests and scripts."""
    return web.json_response(report_of(_phone(request), request.app[CLOCK]()))


async def show_colours(request: web.Request) -> web.StreamResponse:
    """The style sheet of the cards' own colours: the pages allow no inline style."""
    sheet = colours_css(_phone(request), request.app[PAGES], request.app[CLOCK]())
    return web.Response(text=sheet, content_type="text/css")


async def show_image(request: web.Request) -> web.StreamResponse:
    """An image of a pass in the Wallet, or of the offered one."""
    phone = _phone(request)
    key, name = request.match_info["key"], request.match_info["name"]
    offered = phone.offer.package if phone.offer else None
    with contextlib.suppress(KeyError):
        package = offered if offered and offered.key == key else phone.package(key)
        return web.Response(body=package.images[name], content_type="image/png")
    raise web.HTTPNotFound


async def follow(request: web.Request) -> web.StreamResponse:
    """Server-sent events: the phone's version, at each change."""
    phone = _phone(request)
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
    await response.prepare(request)
    # The page that followed may be gone at any moment.
    with phone.watched() as changed, contextlib.suppress(ConnectionResetError):
        while not phone.is_asleep:
            await response.write(f"event: changed\ndata: {phone.state.version}\n\n".encode())
            await _until_set(changed)
            changed.clear()
    return response


async def consider(request: web.Request) -> web.StreamResponse:
    """Download the pass at the address given in the form."""
    phone = _phone(request)
    form = await request.post()
    await phone.consider(str(form.get("address", "")))
    return _done(request, phone)


async def accept(request: web.Request) -> web.StreamResponse:
    """Press Add."""
    phone = _phone(request)
    held = phone.accept()
    return _done(request, phone, "" if held is None else f"?card={held.key}")


async def decline(request: web.Request) -> web.StreamResponse:
    """Press Cancel."""
    phone = _phone(request)
    phone.decline()
    return _done(request, phone)


async def rotate(request: web.Request) -> web.StreamResponse:
    """Take a new push token."""
    phone = _phone(request)
    phone.rotate_push_token()
    return _done(request, phone)


async def know_poster(request: web.Request) -> web.StreamResponse:
    """Change between iOS 27 and the version before."""
    phone = _phone(request)
    phone.know_poster_generic(known=not phone.state.knows_poster_generic)
    return _done(request, phone)


async def clear(request: web.Request) -> web.StreamResponse:
    """Wipe the lock screen."""
    phone = _phone(request)
    phone.clear_notifications()
    return _done(request, phone, "?screen=lock")


async def throw_away(request: web.Request) -> web.StreamResponse:
    """Lose the phone."""
    await request.app[SHELF].throw_away(_phone(request))
    raise web.HTTPSeeOther("/")


async def refresh_pass(request: web.Request) -> web.StreamResponse:
    """Pull to refresh."""
    phone, key = _phone(request), request.match_info["key"]
    await phone.refresh(_known(phone, key))
    return _done(request, phone, f"?card={key}&side=back")


async def remove_pass(request: web.Request) -> web.StreamResponse:
    """Remove the pass from the Wallet."""
    phone = _phone(request)
    phone.remove(_known(phone, request.match_info["key"]))
    return _done(request, phone)


async def switch_updates(request: web.Request) -> web.StreamResponse:
    """Turn automatic updates of a pass on or off."""
    phone = _phone(request)
    key = _known(phone, request.match_info["key"])
    form = await request.post()
    phone.set_automatic_updates(key, enabled=form.get("enabled") == "yes")
    return _done(request, phone, f"?card={key}&side=back")


def routes() -> list[web.RouteDef]:
    """Every address of the phones."""
    return [
        web.get("/phone", open_phone),
        web.post("/phones", create_phone),
        web.get("/phone/{phone}", show_phone),
        web.get("/phone/{phone}/state", show_state),
        web.get("/phone/{phone}/events", follow),
        web.get("/phone/{phone}/colours.css", show_colours),
        web.get("/phone/{phone}/passes/{key}/images/{name}", show_image),
        web.post("/phone/{phone}/consider", consider),
        web.post("/phone/{phone}/accept", accept),
        web.post("/phone/{phone}/decline", decline),
        web.post("/phone/{phone}/rotate", rotate),
        web.post("/phone/{phone}/poster", know_poster),
        web.post("/phone/{phone}/clear", clear),
        web.post("/phone/{phone}/throw-away", throw_away),
        web.post("/phone/{phone}/passes/{key}/refresh", refresh_pass),
        web.post("/phone/{phone}/passes/{key}/remove", remove_pass),
        web.post("/phone/{phone}/passes/{key}/automatic-updates", switch_updates),
    ]


def _created(shelf: PhoneShelf) -> Phone:
    try:
        return shelf.create()
    except TooManyPhones:
        raise web.HTTPTooManyRequests(text="Throw a phone away first.") from None


def _phone(request: web.Request) -> Phone:
    phone = request.app[SHELF].find(request.match_info["phone"])
    if phone is None:
        raise web.HTTPNotFound(text="There is no such phone.")
    return phone


def _known(phone: Phone, key: str) -> str:
    if all(held.key != key for held in phone.state.passes):
        raise web.HTTPNotFound(text="There is no such pass on this phone.")
    return key


def _done(request: web.Request, phone: Phone, query: str = "") -> web.StreamResponse:
    if "application/json" in request.headers.get("Accept", ""):
        return web.json_response(report_of(phone, request.app[CLOCK]()))
    raise web.HTTPSeeOther(f"/phone/{phone.state.id}{query}")


async def _until_set(changed: asyncio.Event) -> None:
    # A comment line now and then would do as well; repeating the version costs the page nothing.
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(changed.wait(), HEARTBEAT_S)

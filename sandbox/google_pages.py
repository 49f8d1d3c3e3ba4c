"""Google's pages in the sandbox: save links, saved passes, and buttons to misbehave."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from aiohttp import web

from sandbox.google.commands import ApplyAndDrop, ApplyAndMumble, Command, Drop, Page, Say, Slow
from sandbox.google.face import face_of, faces_of, points_of, text_of
from sandbox.google.records import CLASS, OBJECT, Record
from sandbox.google.refusals import (
    ApiRefusal,
    exists,
    not_found,
    permission_denied,
    quota_exceeded,
    rate_exceeded,
)
from sandbox.google.save_links import LinkRefused, objects_of
from sandbox.google.stand_in import GoogleStandIn, Recorded
from sandbox.google.wallet import Notice
from sandbox.phone.pages import phone_of_browser, remember_phone
from sandbox.phone.phone import Phone
from sandbox.phone.shelf import PhoneShelf
from sandbox.phone.surroundings import CLOCK, GOOGLE, PAGES, SHELF

CALLS_SHOWN_MAX = 20
TIMES_MAX = 10_000
SOME_RESOURCE = "1.resource"

COMMANDS: Mapping[str, Callable[[], Command]] = {
    "not-found": lambda: Say(not_found(SOME_RESOURCE)),
    "already-exists": lambda: Say(exists(SOME_RESOURCE)),
    "too-many-requests": lambda: Say(rate_exceeded(), retry_after="5"),
    "quota-exceeded": lambda: Say(quota_exceeded("notifying about", SOME_RESOURCE)),
    "permission-denied": lambda: Say(permission_denied()),
    "internal-error": lambda: Say(ApiRefusal(500, "backendError", "Internal error.")),
    "proxy-page": Page,
    "slow": lambda: Slow(3.0),
    "apply-and-drop": ApplyAndDrop,
    "apply-and-mumble": ApplyAndMumble,
    "drop-connection": Drop,
}
ORDERS: Mapping[str, Callable[[GoogleStandIn], None]] = {
    "spoil-a-callback": lambda google: google.callbacks.spoil_next(),
    "revoke-tokens": lambda google: google.tokens.revoke(),
}


@dataclass(frozen=True, slots=True)
class GooglePanel:
    """What the index shows of the stand-in: the calls taken last, and its buttons."""

    calls: list[Recorded]
    commands: list[str]


def panel_of(app: web.Application) -> GooglePanel | None:
    """Return the panel, or None where no stand-in runs in this process."""
    google = app[GOOGLE]
    if google is None:
        return None
    newest = list(google.recorded)[: -CALLS_SHOWN_MAX - 1 : -1]
    return GooglePanel(newest, [*COMMANDS, *ORDERS])


async def misbehave(request: web.Request) -> web.StreamResponse:
    """Do `command` with the next calls (`times`, 1 when absent), or follow an order."""
    google, name = _google(request), request.match_info["command"]
    form = await request.post()
    times = str(form.get("times", "1"))
    if not times.isdigit() or not 1 <= int(times) <= TIMES_MAX:
        raise web.HTTPBadRequest(text=f"times: a number from 1 to {TIMES_MAX}")
    if name in COMMANDS:
        google.next(COMMANDS[name](), int(times))
    elif name in ORDERS:
        ORDERS[name](google)
    else:
        raise web.HTTPNotFound
    raise web.HTTPSeeOther("/")


async def show_link(request: web.Request) -> web.StreamResponse:
    """Show what a save link offers, or why Google would not."""
    google = _google(request)
    try:
        ids = objects_of(request.match_info["jwt"], google.accounts, google.wallet)
    except LinkRefused as refused:
        return _page(request, "google_save.html.jinja", status=400, problem=str(refused), faces=[])
    faces = [face_of(google, google.wallet.get(OBJECT, each)) for each in ids]
    return _page(request, "google_save.html.jinja", problem="", faces=faces)


async def save(request: web.Request) -> web.StreamResponse:
    """Save what a link offers on this browser's phone, or on a new one."""
    google = _google(request)
    try:
        ids = objects_of(request.match_info["jwt"], google.accounts, google.wallet)
    except LinkRefused as refused:
        raise web.HTTPBadRequest(text=str(refused)) from refused
    phone = phone_of_browser(request)
    for object_id in ids:
        google.shelf.save(phone.state.id, object_id)
        _witness(phone, request.app, "saved a pass")
    response = web.Response(status=303, headers={"Location": f"/phone/{phone.state.id}"})
    remember_phone(response, phone)
    return response


async def show_object(request: web.Request) -> web.StreamResponse:
    """Show a pass this browser's phone has saved: the "View in Google Wallet" link."""
    google, object_id = _google(request), request.match_info["object"]
    phone = phone_of_browser(request)
    faces = [face for face in faces_of(google, phone.state.id) if face.object_id == object_id]
    if not faces:
        raise web.HTTPNotFound(text="Item not found")
    return _page(request, "google_object.html.jinja", faces=faces)


async def remove(request: web.Request) -> web.StreamResponse:
    """Take a pass off a phone."""
    google = _google(request)
    phone = request.app[SHELF].find(request.match_info["phone"])
    if phone is None:
        raise web.HTTPNotFound(text="There is no such phone.")
    try:
        google.shelf.remove(phone.state.id, request.match_info["object"])
    except KeyError:
        raise web.HTTPNotFound(text="There is no such pass on this phone.") from None
    _witness(phone, request.app, "removed a pass")
    raise web.HTTPSeeOther(f"/phone/{phone.state.id}")


def follow_changes(app: web.Application, google: GoogleStandIn) -> None:
    """Let the phones that hold a pass know of each change, and show its notifications."""
    shelf: PhoneShelf = app[SHELF]

    def changed(record: Record, notice: Notice | None) -> None:
        for phone_id, object_id in google.shelf.holders(record.kind, record.id):
            phone = shelf.find(phone_id)
            if phone is None:
                continue
            if notice is not None:
                title, text = _told(google, object_id, notice)
                phone.state.notify(title, text, "", app[CLOCK]())
            _witness(phone, app, "a pass changed")

    google.wallet.on_change(changed)


def routes() -> list[web.RouteDef]:
    """Every address of Google's pages."""
    return [
        web.get("/gp/v/save/{jwt}", show_link),
        web.post("/gp/v/save/{jwt}", save),
        web.get("/gp/v/object/{object}", show_object),
        web.post("/phone/{phone}/google/{object}/remove", remove),
        web.post("/google/next/{command}", misbehave),
    ]


def _told(google: GoogleStandIn, object_id: str, notice: Notice) -> tuple[str, str]:
    content = google.wallet.get(OBJECT, object_id).content
    program = text_of(google.wallet.get(CLASS, content["classId"]).content, "programName")
    points = ", ".join(f"{each.header} {each.body}".strip() for each in points_of(content))
    return notice.title or program, notice.text or points


def _witness(phone: Phone, app: web.Application, detail: str) -> None:
    phone.state.witness("google", detail, app[CLOCK]())
    phone.changed()


def _google(request: web.Request) -> GoogleStandIn:
    google = request.app[GOOGLE]
    if google is None:
        raise web.HTTPNotFound(text="The Google stand-in does not run in this process.")
    return google


def _page(
    request: web.Request, template: str, *, status: int = 200, **shown: object
) -> web.Response:
    html = request.app[PAGES].get_template(template).render(**shown)
    return web.Response(text=html, content_type="text/html", status=status)

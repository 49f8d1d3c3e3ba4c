"""A pass web service in memory, honest by itself, that breaks one rule at a time on request.

https://developer.apple.com/documentation/walletpasses/adding-a-web-service-to-update-passes
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import cache
from pathlib import Path

from aiohttp import web

from passes.apple.assets import Assets
from passes.apple.barcodes import Barcode
from passes.apple.bundle import build
from passes.apple.card import Pass, PosterGeneric, StoreCard, WebService
from passes.apple.colours import Colour, Colours
from passes.apple.fields import Field
from passes.apple.pictures.artwork import Brand, default_images, poster_images
from passes.apple.service import http_date
from passes.apple.signing.signer import Signer
from sandbox.certificates import DevelopmentChain

PASS_TYPE = "pass.dev.passgate.coffee"
TOKEN = "token-of-at-least-sixteen-characters"
PASS_MEDIA_TYPE = "application/vnd.apple.pkpass"
TARGET = 10


class Fault(StrEnum):
    """One way to break the protocol."""

    INTEGER_TAG = "integer tag"
    NO_TAG = "no tag"
    TAG_NEVER_MOVES = "tag never moves"
    NO_CONTENT_ON_DELETE = "204 on DELETE"
    NO_LAST_MODIFIED = "no Last-Modified"
    IGNORES_IF_MODIFIED_SINCE = "ignores If-Modified-Since"
    WRONG_SERIAL = "another pass than asked for"
    FOREIGN_SERIAL_LISTED = "lists a serial number never registered"
    LISTS_UNCHANGED = "lists what did not change"
    REFUSES_TOKEN = "401 to everyone"
    LIST_FAILS = "500 on list"
    GET_FAILS = "500 on get"
    BROKEN_PASS = "a pass that is no zip"


@dataclass(slots=True)
class Card:
    """One customer's card: how many stamps, and since when and which tag it is as it is."""

    serial: str
    stamps: int = 6
    tag: int = 1
    changed_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    reward: str = "Free coffee"


@dataclass(slots=True)
class PassService:
    """Keeps cards and registrations; `push` is called with topic and token after each stamp.

    `spoil` and `download_type` change what a browser downloads, not what a device fetches.
    """

    signer: Signer
    assets: Assets
    public_url: str = ""
    cards: dict[str, Card] = field(default_factory=dict)
    registrations: dict[tuple[str, str], str] = field(default_factory=dict)
    faults: set[Fault] = field(default_factory=set)
    requests: list[web.Request] = field(default_factory=list)
    logs: list[str] = field(default_factory=list)
    push: Callable[[str, str], None] = lambda _topic, _token: None
    last_tag: int = 1
    organization: str = "Café Lumen"
    spoil: Callable[[bytes], bytes] = lambda package: package
    download_type: str = PASS_MEDIA_TYPE

    def application(self) -> web.Application:
        """The web application; `/cards/{serial}.pkpass` is where a browser finds a pass."""
        app = web.Application()
        device = "/v1/devices/{device}/registrations/{type}"
        app.add_routes(
            [
                web.get("/cards/{serial}.pkpass", self._download),
                web.post(device + "/{serial}", self._register),
                web.delete(device + "/{serial}", self._unregister),
                web.get(device, self._list),
                web.get("/v1/passes/{type}/{serial}", self._get),
                web.post("/v1/log", self._log),
            ]
        )
        return app

    def issue(self, serial: str, stamps: int = 6) -> str:
        """Make a card; returns the address of its pass."""
        self.cards[serial] = Card(serial, stamps)
        return f"{self.public_url}/cards/{serial}.pkpass"

    def stamp(self, serial: str) -> None:
        """Add a stamp and push to every device that registered the card."""
        card = self.cards[serial]
        self.last_tag += 1
        card.stamps, card.tag = card.stamps + 1, self.last_tag
        now = datetime.now(UTC).replace(microsecond=0)
        card.changed_at = max(now, card.changed_at.replace(microsecond=0) + timedelta(seconds=1))
        self.push_for(serial)

    def push_for(self, serial: str) -> None:
        """Push, whether or not anything changed."""
        tokens = {token for (_, at), token in self.registrations.items() if at == serial}
        for token in tokens:
            self.push(PASS_TYPE, token)

    def package(self, serial: str) -> bytes:
        """The signed pass of a card."""
        card = self.cards[serial]
        content = _pass(card, self.public_url, self.organization)
        now = datetime.now(UTC)
        return build(
            content, self.assets, self.signer, signed_at=now, allow_insecure_loopback=True
        )

    def count(self, method: str, part: str) -> int:
        """How many requests with this method had `part` in their path."""
        return sum(each.method == method and part in each.path for each in self.requests)

    async def _download(self, request: web.Request) -> web.Response:
        if request.match_info["serial"] not in self.cards:
            raise web.HTTPNotFound
        body = self.spoil(self.package(request.match_info["serial"]))
        return web.Response(body=body, content_type=self.download_type)

    async def _register(self, request: web.Request) -> web.Response:
        self._take(request)
        name = request.match_info["device"], request.match_info["serial"]
        is_new = name not in self.registrations
        self.registrations[name] = (await request.json())["pushToken"]
        return web.Response(status=201 if is_new else 200)

    async def _unregister(self, request: web.Request) -> web.Response:
        self._take(request)
        name = request.match_info["device"], request.match_info["serial"]
        self.registrations.pop(name, None)
        return web.Response(status=204 if Fault.NO_CONTENT_ON_DELETE in self.faults else 200)

    async def _list(self, request: web.Request) -> web.Response:
        self.requests.append(request)
        if Fault.LIST_FAILS in self.faults:
            return web.Response(status=500)
        since = int(request.query.get("passesUpdatedSince", "0"))
        if Fault.LISTS_UNCHANGED in self.faults:
            since = 0
        device = request.match_info["device"]
        mine = [self.cards[serial] for owner, serial in self.registrations if owner == device]
        changed = [card for card in mine if card.tag > since]
        serials = [card.serial for card in changed]
        if Fault.FOREIGN_SERIAL_LISTED in self.faults:
            serials.append("somebody-elses")
        if not serials:
            return web.Response(status=204)
        return web.json_response(self._listed(serials, changed))

    def _listed(self, serials: list[str], changed: list[Card]) -> dict[str, object]:
        tag = max((card.tag for card in changed), default=self.last_tag)
        if Fault.NO_TAG in self.faults:
            return {"serialNumbers": serials}
        if Fault.INTEGER_TAG in self.faults:
            return {"serialNumbers": serials, "lastUpdated": tag}
        if Fault.TAG_NEVER_MOVES in self.faults:
            tag = 1
        if Fault.LISTS_UNCHANGED in self.faults:
            tag = self.last_tag = self.last_tag + 1
        return {"serialNumbers": serials, "lastUpdated": str(tag)}

    async def _get(self, request: web.Request) -> web.Response:
        self._take(request)
        if Fault.GET_FAILS in self.faults:
            return web.Response(status=500)
        card = self.cards[request.match_info["serial"]]
        stamp = http_date(card.changed_at)
        is_known = request.headers.get("If-Modified-Since") == stamp
        if is_known and Fault.IGNORES_IF_MODIFIED_SINCE not in self.faults:
            return web.Response(status=304)
        serial = card.serial
        if Fault.WRONG_SERIAL in self.faults:
            serial = next(other for other in self.cards if other != serial)
        body = b"no zip" if Fault.BROKEN_PASS in self.faults else self.package(serial)
        headers = {} if Fault.NO_LAST_MODIFIED in self.faults else {"Last-Modified": stamp}
        return web.Response(body=body, headers=headers, content_type=PASS_MEDIA_TYPE)

    async def _log(self, request: web.Request) -> web.Response:
        self.logs.extend(json.loads(await request.read())["logs"])
        return web.Response()

    def _take(self, request: web.Request) -> None:
        self.requests.append(request)
        is_known = request.headers.get("Authorization") == f"ApplePass {TOKEN}"
        if not is_known or Fault.REFUSES_TOKEN in self.faults:
            raise web.HTTPUnauthorized


@cache
def coffee_assets() -> Assets:
    """The images of the café, drawn once for all tests."""
    brand = Brand("Café Lumen", Colour(33, 46, 66), Colour(244, 184, 96))
    return Assets.prepare({**default_images(brand), **poster_images(brand)})


def signer_of(chain: DevelopmentChain, pass_type: str = PASS_TYPE) -> Signer:
    """The signer of a pass type of the development chain."""
    certificate, key = chain.pass_certificate(pass_type), chain.pass_key(pass_type)
    return Signer.from_pem(*(_bytes(path) for path in (certificate, key, chain.intermediate)))


def _bytes(path: Path) -> bytes:
    return path.read_bytes()


def _pass(card: Card, public_url: str, organization: str) -> Pass:
    progress = Field(
        "progress",
        f"{card.stamps} of {TARGET}",
        label="stamps",
        change_message="You now have %@ stamps.",
    )
    reward = Field("reward", card.reward, label="Reward")
    left = Field("left", max(TARGET - card.stamps, 0), label="To go")
    back = (
        Field("about", "One stamp for every coffee. The tenth is on us.", label="How it works"),
        Field("contact", "hello@cafe-lumen.example\nhttps://cafe-lumen.example", label="Contact"),
    )
    return Pass(
        pass_type_identifier=PASS_TYPE,
        team_identifier="DEV1234567",
        serial_number=card.serial,
        organization_name=organization,
        description=f"{organization} stamp card",
        logo_text=organization,
        store_card=StoreCard(
            header=(left,),
            primary=(progress,),
            secondary=(reward, Field("member", "Camille", label="Member")),
            back=back,
        ),
        poster=PosterGeneric(header=(left,), primary=(progress, reward), back=back),
        barcodes=(Barcode("LC1-ABCDEFGHJKLMNPQRSTUV", alt_text="LC1-ABCDE"),),
        colours=Colours(Colour(33, 46, 66), Colour(255, 255, 255), Colour(244, 184, 96)),
        web_service=WebService(public_url, TOKEN),
    )

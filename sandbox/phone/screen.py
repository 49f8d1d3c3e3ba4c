"""What the phone's page shows: the lock screen or the Wallet, a card, its back, an offer."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from jinja2 import Environment

from sandbox.google.face import GoogleFace
from sandbox.phone.backs import linked
from sandbox.phone.face import Face, face_of
from sandbox.phone.fields import relative_age
from sandbox.phone.package import Package
from sandbox.phone.phone import Phone
from sandbox.phone.report import report_of
from sandbox.phone.state import HeldPass


@dataclass(frozen=True, slots=True)
class Card:
    """A pass in the Wallet together with its face."""

    held: HeldPass
    face: Face


@dataclass(frozen=True, slots=True)
class View:
    """What the person looks at: `screen` is lock or wallet, `card` a key or empty."""

    screen: str
    card: str
    side: str


def view_of(phone: Phone, query: Mapping[str, str]) -> View:
    """Read the view out of an address; a single card lies open by itself."""
    keys = [held.key for held in phone.state.passes]
    card = query.get("card", "")
    if card not in keys:
        card = keys[0] if len(keys) == 1 else ""
    is_back = query.get("side") == "back" and card
    screen = "lock" if query.get("screen") == "lock" else "wallet"
    return View(screen, card, "back" if is_back else "front")


def screen_html(
    phone: Phone, view: View, pages: Environment, now: datetime, google: Sequence[GoogleFace]
) -> str:
    """Draw the page: the phone, and the panels beside it, with its Google Wallet."""
    cards = _cards(phone, now)
    return pages.get_template("phone.html.jinja").render(
        phone=phone.state,
        report=report_of(phone, now),
        view=view,
        cards=cards,
        icons=_icons(phone, cards),
        offer=phone.offer,
        offered=_offered(phone, now),
        colours_version=_digest(colours_css(phone, pages, now)),
        age=lambda moment: relative_age(moment, now),
        linked=linked,
        now=now,
        google=google,
    )


def colours_css(phone: Phone, pages: Environment, now: datetime) -> str:
    """The cards' own colours as a style sheet, for pages that allow no inline style."""
    faces = [card.face for card in _cards(phone, now)]
    offered = _offered(phone, now)
    if offered is not None:
        faces.insert(0, offered)
    return pages.get_template("colours.css.jinja").render(faces=faces)


def _cards(phone: Phone, now: datetime) -> list[Card]:
    oldest_first = sorted(phone.state.passes, key=lambda each: each.added_at)
    return [Card(held, _face(phone, phone.package(held.key), now)) for held in oldest_first]


def _offered(phone: Phone, now: datetime) -> Face | None:
    offer = phone.offer
    if offer is None or offer.package is None or offer.problems:
        return None
    return _face(phone, offer.package, now)


def _face(phone: Phone, package: Package, now: datetime) -> Face:
    return face_of(package, now, knows_poster_generic=phone.state.knows_poster_generic)


def _icons(phone: Phone, cards: list[Card]) -> dict[str, str]:
    """The address of each pass's icon, which stands beside its notifications."""
    base = f"/phone/{phone.state.id}/passes"
    return {
        card.held.key: f"{base}/{card.held.key}/images/{card.face.images['icon']}"
        for card in cards
        if "icon" in card.face.images
    }


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]

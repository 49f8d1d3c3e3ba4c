"""What can be wrong with a pass beside its fields: identity, service, relevance, colours."""

import json
import re
from collections.abc import Iterator
from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit
from uuid import UUID

from passes.apple.card import Beacon, FeaturedActionType, Location, Pass, WebService
from passes.apple.checks.field_rules import count_problems
from passes.apple.words import is_pass_type, is_serial
from passes.errors import Problem

LOCATIONS_MAX = 10
BEACONS_MAX = 10
BEACON_NUMBER_MAX = 65_535
FEATURED_ACTIONS_MAX = 2
TOKEN_CHARACTERS_MIN = 16
LATITUDE_MAX, LONGITUDE_MAX = 90, 180

_TOKEN = re.compile(r"[A-Za-z0-9._~+/=-]+")
_VERSION_PATH = re.compile(r"/v1(/|$)")


def identity_problems(content: Pass) -> Iterator[Problem]:
    """Find a missing name, and identifiers that cannot travel in a URL."""
    required = {
        "teamIdentifier": content.team_identifier,
        "organizationName": content.organization_name,
        "description": content.description,
    }
    for where, text in required.items():
        if not text.strip():
            yield Problem("text.empty", where, "A pass cannot be without it.")
    if not is_pass_type(content.pass_type_identifier):
        sentence = "A pass type is written like pass.com.example.loyalty."
        yield Problem("pass-type.invalid", "passTypeIdentifier", sentence)
    if not is_serial(content.serial_number):
        sentence = "A serial number is 1 to 64 of the characters A-Z a-z 0-9 . _ ~ -"
        yield Problem("serial.invalid", "serialNumber", sentence)


def service_problems(
    service: WebService | None, *, allow_insecure_loopback: bool
) -> Iterator[Problem]:
    """Find a web service a phone would not call, or a token it would not present."""
    if service is None:
        return
    url = _split(service.url)
    if url is None or not _is_secure(url, allow_insecure_loopback=allow_insecure_loopback):
        yield Problem("web-service.insecure", "webServiceURL", "The URL must begin with https://.")
    if url is not None and _VERSION_PATH.search(url.path):
        sentence = "Phones add /v1 themselves; leave it out."
        yield Problem("web-service.version", "webServiceURL", sentence)
    if url is not None and (url.query or url.fragment):
        sentence = "Phones add a path; the URL can have no query and no fragment."
        yield Problem("web-service.query", "webServiceURL", sentence)
    if len(service.authentication_token) < TOKEN_CHARACTERS_MIN:
        sentence = f"The token needs at least {TOKEN_CHARACTERS_MIN} characters."
        yield Problem("token.short", "authenticationToken", sentence)
    elif not _TOKEN.fullmatch(service.authentication_token):
        sentence = "The token travels in a header: letters, digits and . _ ~ + / = - only."
        yield Problem("token.characters", "authenticationToken", sentence)


def relevance_problems(content: Pass) -> Iterator[Problem]:
    """Find places no phone can be near."""
    yield from count_problems("locations", len(content.locations), LOCATIONS_MAX)
    for index, location in enumerate(content.locations):
        yield from _location_problems(location, f"locations[{index}]")
    uuids = {beacon.proximity_uuid.lower() for beacon in content.beacons}
    yield from count_problems("beacons", len(uuids), BEACONS_MAX)
    for index, beacon in enumerate(content.beacons):
        yield from _beacon_problems(beacon, f"beacons[{index}]")
    if content.max_distance_m is not None and content.max_distance_m <= 0:
        yield Problem("distance.out-of-range", "maxDistance", "A distance is above zero metres.")


def action_problems(content: Pass) -> Iterator[Problem]:
    """Find featured actions beyond the two shown, twice the same, or leading nowhere."""
    actions = content.featured_actions
    yield from count_problems("featuredActions", len(actions), FEATURED_ACTIONS_MAX)
    if len({action.identifier for action in actions}) < len(actions):
        sentence = "Two actions have the same identifier."
        yield Problem("action.duplicate", "featuredActions", sentence)
    for index, action in enumerate(actions):
        where = f"featuredActions[{index}]"
        if not action.identifier or not action.target:
            yield Problem("text.empty", where, "An action needs an identifier and a target.")
        elif action.type is not FeaturedActionType.PLACE and not _has_scheme(action.target):
            yield Problem("action.url", f"{where}.url", "The target must be a whole URL.")


def colour_problems(content: Pass) -> Iterator[Problem]:
    """Find channels that are no colour."""
    if content.colours is None:
        return
    colours = {
        "backgroundColor": content.colours.background,
        "foregroundColor": content.colours.foreground,
        "labelColor": content.colours.label,
    }
    for where, colour in colours.items():
        if not colour.is_displayable:
            yield Problem("colour.out-of-range", where, "A colour's channels are 0 to 255.")


def extra_problems(content: Pass) -> Iterator[Problem]:
    """Find store identifiers that are none, and user info that is not JSON."""
    for index, identifier in enumerate(content.associated_store_identifiers):
        if identifier <= 0:
            where = f"associatedStoreIdentifiers[{index}]"
            yield Problem("store-identifier.invalid", where, "An App Store id is above zero.")
    try:
        json.dumps(content.user_info, allow_nan=False, sort_keys=True)
    except (TypeError, ValueError, RecursionError):
        yield Problem("user-info.not-json", "userInfo", "This cannot be written as JSON.")


def _split(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return None
    return parts if parts.hostname else None


def _is_secure(url: SplitResult, *, allow_insecure_loopback: bool) -> bool:
    if url.scheme == "https":
        return True
    return allow_insecure_loopback and url.scheme == "http" and _is_loopback(url.hostname or "")


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _has_scheme(target: str) -> bool:
    return re.match(r"[a-z][a-z0-9+.-]*:.", target) is not None


def _location_problems(location: Location, where: str) -> Iterator[Problem]:
    if not abs(location.latitude) <= LATITUDE_MAX:
        sentence = f"A latitude is -{LATITUDE_MAX} to {LATITUDE_MAX} degrees."
        yield Problem("location.out-of-range", f"{where}.latitude", sentence)
    if not abs(location.longitude) <= LONGITUDE_MAX:
        sentence = f"A longitude is -{LONGITUDE_MAX} to {LONGITUDE_MAX} degrees."
        yield Problem("location.out-of-range", f"{where}.longitude", sentence)


def _beacon_problems(beacon: Beacon, where: str) -> Iterator[Problem]:
    try:
        UUID(beacon.proximity_uuid)
    except ValueError:
        yield Problem("beacon.uuid", f"{where}.proximityUUID", "This is not a UUID.")
    for name, number in (("major", beacon.major), ("minor", beacon.minor)):
        if number is not None and not 0 <= number <= BEACON_NUMBER_MAX:
            sentence = f"It must be 0 to {BEACON_NUMBER_MAX}."
            yield Problem("beacon.out-of-range", f"{where}.{name}", sentence)

"""pass.json: the same values give the same bytes, on every machine and in every year.

Wallet compares passes by the hash of the manifest, so a byte that moves without a reason is an
update the phone is told about and then finds unchanged.
"""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from passes.apple.barcodes import Barcode
from passes.apple.card import (
    Beacon,
    FeaturedAction,
    FeaturedActionType,
    Location,
    Pass,
    PosterGeneric,
    StoreCard,
)
from passes.apple.fields import CurrencyFormat, DateFormat, Field, FieldValue, NumberFormat

FORMAT_VERSION = 1


def pass_json(content: Pass) -> bytes:
    """Write pass.json: compact UTF-8 with sorted keys; nothing that is absent is written."""
    return json.dumps(
        document(content),
        ensure_ascii=False,
        allow_nan=False,
        sort_keys=True,
        separators=(",", ":"),
    ).encode()


def document(content: Pass) -> dict[str, Any]:
    """Give the pass as Apple's dictionary, ready to be written as JSON."""
    service, colours = content.web_service, content.colours
    return _present(
        {
            "formatVersion": FORMAT_VERSION,
            "passTypeIdentifier": content.pass_type_identifier,
            "teamIdentifier": content.team_identifier,
            "serialNumber": content.serial_number,
            "organizationName": content.organization_name,
            "description": content.description,
            "logoText": content.logo_text,
            "storeCard": _store_card(content.store_card),
            "posterGeneric": _poster(content.poster) if content.poster else None,
            "featuredActions": [_action(action) for action in content.featured_actions] or None,
            "barcodes": [_barcode(barcode) for barcode in content.barcodes] or None,
            "backgroundColor": str(colours.background) if colours else None,
            "foregroundColor": str(colours.foreground) if colours else None,
            "labelColor": str(colours.label) if colours else None,
            "webServiceURL": service.url if service else None,
            "authenticationToken": service.authentication_token if service else None,
            "locations": [_location(location) for location in content.locations] or None,
            "maxDistance": content.max_distance_m,
            "beacons": [_beacon(beacon) for beacon in content.beacons] or None,
            "expirationDate": wallet_date(content.expires_at) if content.expires_at else None,
            "voided": content.voided or None,
            "sharingProhibited": content.sharing_prohibited or None,
            "associatedStoreIdentifiers": list(content.associated_store_identifiers) or None,
            "appLaunchURL": content.app_launch_url,
            "userInfo": content.user_info,
        }
    )


def wallet_date(moment: datetime) -> str:
    """Write a time as Wallet reads it: whole seconds and ``Z`` or ``±HH:MM``.

    A time without a zone is written without one; validation has named it before.
    """
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")


def _present(entries: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in entries.items() if value is not None}


def _store_card(card: StoreCard) -> dict[str, Any]:
    return _present(
        {
            "headerFields": _fields(card.header),
            "primaryFields": _fields(card.primary),
            "secondaryFields": _fields(card.secondary),
            "auxiliaryFields": _fields(card.auxiliary),
            "backFields": _fields(card.back),
        }
    )


def _poster(poster: PosterGeneric) -> dict[str, Any]:
    return _present(
        {
            "headerFields": _fields(poster.header),
            "primaryFields": _fields(poster.primary),
            "footerFields": _fields(poster.footer),
            "backFields": _fields(poster.back),
            "additionalInfoFields": _fields(poster.additional_info),
        }
    )


def _fields(fields: Iterable[Field]) -> list[dict[str, Any]] | None:
    return [_field(field) for field in fields] or None


def _field(field: Field) -> dict[str, Any]:
    entries: dict[str, Any] = {"key": field.key, "value": _value(field.value)}
    if field.label is not None:
        entries["label"] = field.label
    if field.change_message is not None:
        entries["changeMessage"] = field.change_message
    if field.attributed_value is not None:
        entries["attributedValue"] = field.attributed_value
    if field.text_alignment is not None:
        entries["textAlignment"] = field.text_alignment
    if field.data_detectors is not None:
        entries["dataDetectorTypes"] = list(field.data_detectors)
    if field.value_format is not None:
        entries.update(_format(field.value_format))
    return entries


def _value(value: FieldValue) -> str | int | float:
    if isinstance(value, datetime):
        return wallet_date(value)
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value


def _format(value_format: DateFormat | NumberFormat | CurrencyFormat) -> dict[str, Any]:
    if isinstance(value_format, CurrencyFormat):
        return {"currencyCode": value_format.code}
    if isinstance(value_format, NumberFormat):
        return {"numberStyle": value_format.style}
    return _present(
        {
            "dateStyle": value_format.date_style,
            "timeStyle": value_format.time_style,
            "isRelative": value_format.is_relative or None,
            "ignoresTimeZone": value_format.ignores_time_zone or None,
        }
    )


def _action(action: FeaturedAction) -> dict[str, str]:
    names_a_place = action.type is FeaturedActionType.PLACE
    target_key = "placeIdentifier" if names_a_place else "url"
    return {"identifier": action.identifier, "type": action.type, target_key: action.target}


def _barcode(barcode: Barcode) -> dict[str, str]:
    return _present(
        {
            "format": barcode.format,
            "message": barcode.message,
            "messageEncoding": barcode.message_encoding,
            "altText": barcode.alt_text,
        }
    )


def _location(location: Location) -> dict[str, Any]:
    return _present(
        {
            "latitude": location.latitude,
            "longitude": location.longitude,
            "altitude": location.altitude,
            "relevantText": location.relevant_text,
        }
    )


def _beacon(beacon: Beacon) -> dict[str, Any]:
    return _present(
        {
            "proximityUUID": beacon.proximity_uuid,
            "major": beacon.major,
            "minor": beacon.minor,
            "relevantText": beacon.relevant_text,
        }
    )

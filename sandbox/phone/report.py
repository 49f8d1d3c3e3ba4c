"""What a phone tells tests and scripts about itself, as JSON; secrets stay on the phone."""

from datetime import datetime

from passes.apple.device_log import DeviceLogKind
from sandbox.phone.face import Face, face_of
from sandbox.phone.phone import Phone
from sandbox.phone.state import HeldPass

Json = dict[str, object]


def report_of(phone: Phone, now: datetime) -> Json:
    """The phone's state; `log.counters` names every kind of line, 0 when none was written."""
    state = phone.state
    kinds = [kind.value for kind in DeviceLogKind if kind is not DeviceLogKind.OTHER]
    return {
        "id": state.id,
        "name": state.name,
        "version": state.version,
        "knows_poster_generic": state.knows_poster_generic,
        "offer": _offer(phone),
        "passes": [_pass(phone, held, now) for held in state.passes],
        "notifications": [
            {
                "number": message.number,
                "at": message.at.isoformat(),
                "title": message.title,
                "text": message.text,
                "pass_key": message.pass_key,
            }
            for message in state.notifications
        ],
        "log": {
            "counters": {kind: state.counters.get(kind, 0) for kind in kinds},
            "total": sum(state.counters.values()),
            "forgiven": {kind: state.forgiven.get(kind, 0) for kind in kinds},
            "lines": [line.text for line in state.log],
        },
        "requests": dict(state.requests),
    }


def _offer(phone: Phone) -> Json | None:
    offer = phone.offer
    if offer is None:
        return None
    return {
        "problems": list(offer.problems),
        "serial": None if offer.package is None else offer.package.serial,
        "is_known": offer.is_known,
    }


def _pass(phone: Phone, held: HeldPass, now: datetime) -> Json:
    package = phone.package(held.key)
    face = face_of(package, now, knows_poster_generic=phone.state.knows_poster_generic)
    link = phone.state.link_of(held.web_service_url or "", held.pass_type)
    return {
        "key": held.key,
        "pass_type": held.pass_type,
        "serial": held.serial,
        "organization": face.organization,
        "description": face.description,
        "style": face.style,
        "fields": _fields(face),
        "barcode": _barcode(face),
        "registration": held.registration.value,
        "automatic_updates": held.automatic_updates,
        "tag": None if link is None else link.tag,
        "last_modified": held.last_modified,
        "manifest_digest": held.manifest_digest,
        "changed_at": held.changed_at.isoformat(),
        "updated_keys": list(held.updated_keys),
        "voided": face.is_voided,
    }


def _fields(face: Face) -> Json:
    return {
        field.key: {
            "group": field.group,
            "label": field.label,
            "value": field.value,
            "text": field.text,
        }
        for field in face.fields
    }


def _barcode(face: Face) -> Json | None:
    if face.code is None:
        return None
    return {
        "format": face.code.format,
        "message": face.code.message,
        "alt_text": face.code.alt_text,
    }

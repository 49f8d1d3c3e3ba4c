"""What is written to customers, over the API: manners, words and consents."""

from gateway.domain.errors import NotFound
from gateway.domain.people import Permission
from gateway.web.api import consents, message_settings, wordings
from gateway.web.identity.access import Access, Door
from gateway.web.routing import Route

_READ = Access(Door.API, Permission.PROGRAMS_READ)
_WRITE = Access(Door.API, Permission.MESSAGES_WRITE)
_MEMBERS = Access(Door.API, Permission.MEMBERS_READ)

_SETTINGS = "/api/v1/message-settings"
_WORDING = "/api/v1/wordings/{event}/{channel}/{language}"
_CONSENTS = "/api/v1/customers/{customer_id}/consents"
_WORDING_ANSWER = {200: wordings.EventWording}

MESSAGES = (
    Route(
        "GET",
        _SETTINGS,
        message_settings.show_message_settings,
        _READ,
        answers={200: message_settings.MessageSettings},
    ),
    Route(
        "PUT",
        _SETTINGS,
        message_settings.replace_message_settings,
        _WRITE,
        takes=message_settings.MessageSettings,
        answers={200: message_settings.MessageSettings},
        is_conditional=True,
    ),
    Route(
        "POST",
        "/api/v1/wordings/preview",
        wordings.look_at_wording,
        _READ,
        takes=wordings.PreviewWanted,
        answers={200: wordings.WordingPreview},
    ),
    Route(
        "GET", _WORDING, wordings.show_wording, _READ, answers=_WORDING_ANSWER, refuses=(NotFound,)
    ),
    Route(
        "PUT",
        _WORDING,
        wordings.replace_wording,
        _WRITE,
        takes=wordings.Words,
        answers=_WORDING_ANSWER,
        refuses=(NotFound,),
        is_conditional=True,
    ),
    Route(
        "DELETE",
        _WORDING,
        wordings.drop_wording,
        _WRITE,
        answers=_WORDING_ANSWER,
        refuses=(NotFound,),
        is_conditional=True,
    ),
    Route(
        "GET",
        _CONSENTS,
        consents.show_consents,
        _MEMBERS,
        answers={200: consents.CustomerConsents},
        refuses=(NotFound,),
    ),
    Route(
        "POST",
        _CONSENTS,
        consents.append_consent,
        _WRITE,
        takes=consents.NewConsent,
        answers={200: consents.CustomerConsents, 201: consents.CustomerConsents},
        refuses=(NotFound,),
    ),
)

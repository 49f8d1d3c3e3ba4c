"""The bodies of calls: checked first, then written as JSON, so that nothing unchecked leaves.

Source: https://developers.google.com/wallet/reference/rest
"""

from collections.abc import Iterable

from passes.errors import InvalidPass, Problem
from passes.google import parts_json
from passes.google.card import LoyaltyClass, LoyaltyObject
from passes.google.checks.text_rules import message_problems
from passes.google.checks.validation import class_problems, object_problems
from passes.google.parts_json import Body
from passes.google.texts import AddMessageRequest

# Every write must ask for review again, and Google answers by approving; other values are
# Google's to set, and a draft cannot have cards.
REVIEW_STATUS = "UNDER_REVIEW"
# A link that leaked puts the card on no stranger's phone.
HOLDERS = "ONE_USER_ALL_DEVICES"
# Google forgets it after each call, so a change that is to be told of says so each time.
NOTIFY = "NOTIFY_ON_UPDATE"


def class_body(content: LoyaltyClass, *, allow_insecure_loopback: bool = False) -> Body:
    """Write the body of a class's insert, update or patch; arrays are always complete.

    Addresses of images and of the callback over http pass only with `allow_insecure_loopback`,
    and only on this machine. Raises InvalidPass with everything Google would refuse.
    """
    _refuse(class_problems(content, allow_insecure_loopback=allow_insecure_loopback))
    rows = [parts_json.row(row) for row in content.card_rows]
    body: Body = {
        "id": str(content.id),
        **parts_json.text("issuerName", content.issuer_name),
        **parts_json.text("programName", content.program_name),
        "programLogo": parts_json.image(content.program_logo),
        "reviewStatus": REVIEW_STATUS,
        "multipleDevicesAndHoldersAllowedStatus": HOLDERS,
        "hexBackgroundColor": content.background,
        "classTemplateInfo": {"cardTemplateOverride": {"cardRowTemplateInfos": rows}},
        "textModulesData": [parts_json.text_module(module) for module in content.text_modules],
        "linksModuleData": parts_json.links(content.links),
    }
    if content.hero_image is not None:
        body["heroImage"] = parts_json.image(content.hero_image)
    if content.callback_url is not None:
        body["callbackOptions"] = {"url": content.callback_url}
    # Left out when there are none: an issuer who may not use them is refused over the field.
    if content.merchant_locations:
        body["merchantLocations"] = [
            {"latitude": place.latitude, "longitude": place.longitude}
            for place in content.merchant_locations
        ]
    return body


def object_body(content: LoyaltyObject) -> Body:
    """Write the body of an object's insert or update.

    Raises InvalidPass with everything Google would refuse.
    """
    _refuse(object_problems(content))
    return {"id": str(content.id), **_card(content)}


def object_patch_body(content: LoyaltyObject, *, notify: bool) -> Body:
    """Write the body of an object's patch: absolute values and complete arrays.

    Google replaces an array as a whole and leaves alone what is not sent: hence a balance says of
    the other kinds that it is none of them, as a program may come to count something else. With
    `notify` the phone is told, if a balance changed, at most three times in 24 hours.
    https://developers.google.com/wallet/retail/loyalty-cards/use-cases/updates
    Raises InvalidPass with everything Google would refuse.
    """
    _refuse(object_problems(content))
    body = _card(content) | {"loyaltyPoints": parts_json.points_patch(content.points)}
    if content.secondary_points is not None:
        body["secondaryLoyaltyPoints"] = parts_json.points_patch(content.secondary_points)
    return body | ({"notifyPreference": NOTIFY} if notify else {})


def message_body(request: AddMessageRequest) -> Body:
    """Write the body of addMessage; raises InvalidPass with everything Google would refuse."""
    _refuse(message_problems(request.message, "message"))
    return {"message": parts_json.message(request.message)}


def _card(content: LoyaltyObject) -> Body:
    body: Body = {
        "classId": str(content.class_id),
        "state": content.state.value,
        "loyaltyPoints": parts_json.points(content.points),
        "textModulesData": [parts_json.text_module(module) for module in content.text_modules],
        "linksModuleData": parts_json.links(content.links),
    }
    if content.secondary_points is not None:
        body["secondaryLoyaltyPoints"] = parts_json.points(content.secondary_points)
    if content.barcode is not None:
        body["barcode"] = parts_json.barcode(content.barcode)
    if content.messages is not None:
        body["messages"] = [parts_json.message(message) for message in content.messages]
    if content.valid is not None:
        body["validTimeInterval"] = parts_json.interval(content.valid)
    return body


def _refuse(found: Iterable[Problem]) -> None:
    if problems := tuple(found):
        raise InvalidPass(problems)

"""The Google stand-in, judged by Google's own client and by its own description."""

import asyncio
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from google.oauth2.service_account import Credentials
from googleapiclient.discovery import build_from_document  # type: ignore[import-untyped]
from googleapiclient.errors import HttpError  # type: ignore[import-untyped]

from passes.google.parts_json import points_patch
from passes.google.points import Points
from passes.google.texts import LocalizedString
from sandbox.google.discovery import document
from sandbox.google.stand_in import GoogleStandIn
from tests.googles import CLASS_ID, ISSUER, OBJECT_ID, make_class, make_message, make_object

SCOPE = "https://www.googleapis.com/auth/wallet_object.issuer"


async def by_google(google: GoogleStandIn, folder: Path, story: Callable[[Any], object]) -> object:
    """Tell a story with Google's client, in a thread: it is synchronous."""
    description = deepcopy(dict(document()))
    description["rootUrl"] = description["baseUrl"] = f"{google.url}/"
    path = folder / "accounts" / ISSUER / "service-account.json"
    credentials = Credentials.from_service_account_file(  # type: ignore[no-untyped-call]
        str(path), scopes=[SCOPE]
    )

    def tell() -> object:
        with build_from_document(description, credentials=credentials) as service:
            return story(service)

    return await asyncio.to_thread(tell)


def status_of(call: Any) -> int:  # noqa: ANN401 -- Google's client has no types
    """Execute a call and return its status."""
    try:
        call.execute()
    except HttpError as error:
        return int(error.status_code)
    return 200


async def test_googles_own_client_finds_google_here(google: GoogleStandIn, tmp_path: Path) -> None:
    """Insert, duplicate, missing, bad field, patch, message: each as Google answers it."""

    def story(service: Any) -> list[int]:  # noqa: ANN401 -- Google's client has no types
        classes, objects = service.loyaltyclass(), service.loyaltyobject()
        return [
            status_of(objects.insert(body=make_object())),
            status_of(classes.insert(body=make_class())),
            status_of(classes.insert(body=make_class())),
            status_of(objects.patch(resourceId=OBJECT_ID, body={"state": "EXPIRED"})),
            status_of(objects.insert(body=make_object(statee="ACTIVE"))),
            status_of(objects.insert(body=make_object())),
            status_of(objects.patch(resourceId=OBJECT_ID, body={"state": "EXPIRED"})),
            status_of(objects.addmessage(resourceId=OBJECT_ID, body={"message": make_message()})),
            status_of(objects.get(resourceId=OBJECT_ID)),
            status_of(objects.list(classId=CLASS_ID)),
        ]

    statuses = await by_google(google, tmp_path, story)

    assert statuses == [404, 200, 409, 404, 400, 200, 200, 200, 200, 200]
    kept = google.wallet.get("loyaltyObject", OBJECT_ID).content
    assert kept["state"] == "EXPIRED"
    assert kept["loyaltyPoints"]["balance"] == {"int": 3}
    assert kept["messages"] == [make_message()]


async def test_a_balance_becomes_another_kind_by_taking_the_old_one_away(
    google: GoogleStandIn, tmp_path: Path
) -> None:
    """A program may come to count points instead of stamps; two kinds at once are refused."""
    as_text = {"loyaltyPoints": {"label": "Points", "balance": {"string": "1/10"}}}
    ours = {"loyaltyPoints": points_patch(Points(LocalizedString("Points", "en"), "1/10"))}

    def story(service: Any) -> list[int]:  # noqa: ANN401 -- Google's client has no types
        objects = service.loyaltyobject()
        return [
            status_of(service.loyaltyclass().insert(body=make_class())),
            status_of(objects.insert(body=make_object())),
            status_of(objects.patch(resourceId=OBJECT_ID, body=as_text)),
            status_of(objects.patch(resourceId=OBJECT_ID, body=ours)),
        ]

    assert await by_google(google, tmp_path, story) == [200, 200, 400, 200]
    kept = google.wallet.get("loyaltyObject", OBJECT_ID).content["loyaltyPoints"]
    assert kept == {"label": "Points", "balance": {"string": "1/10"}}


async def test_a_batch_is_answered_part_by_part(google: GoogleStandIn, tmp_path: Path) -> None:
    """Google's client finds each answer by its Content-ID, the refused one too."""

    def story(service: Any) -> dict[str, int]:  # noqa: ANN401 -- Google's client has no types
        service.loyaltyclass().insert(body=make_class()).execute()
        statuses: dict[str, int] = {}

        def note(name: str, _answer: object, error: HttpError | None) -> None:
            statuses[name] = 200 if error is None else int(error.status_code)

        batch = service.new_batch_http_request(callback=note)
        for name in ("a", "b", "a"):
            body = make_object(id=f"{ISSUER}.{name}")
            batch.add(
                service.loyaltyobject().insert(body=body), request_id=f"{name}{len(batch._order)}"
            )
        batch.execute()
        return statuses

    assert await by_google(google, tmp_path, story) == {"a0": 200, "b1": 200, "a2": 409}


REFUSED: dict[str, dict[str, Any]] = {
    "no state": make_object(state=""),
    "wrong issuer": make_object(id="abc.card"),
    "two balances": make_object(loyaltyPoints={"balance": {"int": 1, "string": "1"}}),
    "no balance": make_object(loyaltyPoints={"label": "Stamps"}),
    "a location": make_object(merchantLocations=[{"latitude": 1.0, "longitude": 1.0}]),
    "an image without https": make_object(
        heroImage={"sourceUri": {"uri": "http://example.com/hero.png"}}
    ),
    "eleven messages": make_object(messages=[make_message(str(n)) for n in range(11)]),
}


@pytest.mark.parametrize("body", REFUSED.values(), ids=REFUSED.keys())
async def test_what_googles_prose_forbids_is_a_bad_request(
    google: GoogleStandIn, tmp_path: Path, body: dict[str, Any]
) -> None:
    """The description knows all these fields; the prose beside it refuses the values."""

    def story(service: Any) -> int:  # noqa: ANN401 -- Google's client has no types
        service.loyaltyclass().insert(body=make_class()).execute()
        return status_of(service.loyaltyobject().insert(body=body))

    assert await by_google(google, tmp_path, story) == 400


async def test_a_class_goes_from_draft_to_approved_and_never_back(
    google: GoogleStandIn, tmp_path: Path
) -> None:
    """Drafts have no objects; review is granted at once and must be asked for at each change."""

    def story(service: Any) -> list[int]:  # noqa: ANN401 -- Google's client has no types
        classes, objects = service.loyaltyclass(), service.loyaltyobject()

        def patch(**body: str) -> int:
            return status_of(classes.patch(resourceId=CLASS_ID, body=body))

        return [
            status_of(classes.insert(body=make_class(reviewStatus="APPROVED"))),
            status_of(classes.insert(body=make_class(reviewStatus="DRAFT"))),
            status_of(objects.insert(body=make_object())),
            patch(reviewStatus="UNDER_REVIEW"),
            status_of(objects.insert(body=make_object())),
            patch(programName="Tea card"),
            patch(reviewStatus="DRAFT"),
            patch(programName="Tea card", reviewStatus="UNDER_REVIEW"),
        ]

    assert await by_google(google, tmp_path, story) == [400, 200, 400, 200, 200, 400, 400, 200]
    kept = google.wallet.get("loyaltyClass", CLASS_ID).content
    assert (kept["reviewStatus"], kept["programName"]) == ("APPROVED", "Tea card")


async def test_the_fourth_notification_of_a_day_is_refused(
    google: GoogleStandIn, tmp_path: Path
) -> None:
    """Updates and messages have three each; without a notification the same is taken."""
    loud = {"message": make_message(messageType="TEXT_AND_NOTIFY")}

    def story(service: Any) -> list[int]:  # noqa: ANN401 -- Google's client has no types
        objects = service.loyaltyobject()
        service.loyaltyclass().insert(body=make_class()).execute()
        objects.insert(body=make_object(0)).execute()

        def patch(stamps: int, **more: str) -> int:
            body = {"loyaltyPoints": {"balance": {"int": stamps}}} | more
            return status_of(objects.patch(resourceId=OBJECT_ID, body=body))

        return [
            *(status_of(objects.addmessage(resourceId=OBJECT_ID, body=loud)) for _ in range(4)),
            *(patch(each, notifyPreference="NOTIFY_ON_UPDATE") for each in (1, 2, 2, 3, 4)),
            patch(4),
        ]

    statuses = await by_google(google, tmp_path, story)

    assert statuses == [200, 200, 200, 403, 200, 200, 200, 200, 403, 200]
    assert google.wallet.get("loyaltyObject", OBJECT_ID).content["loyaltyPoints"] == {
        "label": "Stamps",
        "balance": {"int": 4},
    }


async def test_put_clears_and_a_restart_forgets_nothing(
    google: GoogleStandIn, tmp_path: Path
) -> None:
    """What a PUT leaves out is gone; what was written is still there in a new process."""

    def story(service: Any) -> object:  # noqa: ANN401 -- Google's client has no types
        objects = service.loyaltyobject()
        service.loyaltyclass().insert(body=make_class()).execute()
        objects.insert(body=make_object()).execute()
        body = {"id": OBJECT_ID, "classId": CLASS_ID, "state": "ACTIVE"}
        return objects.update(resourceId=OBJECT_ID, body=body).execute()

    assert await by_google(google, tmp_path, story) == {
        "id": OBJECT_ID,
        "classId": CLASS_ID,
        "state": "ACTIVE",
    }
    again = GoogleStandIn(tmp_path / "accounts", tmp_path / "google")
    assert again.wallet.get("loyaltyObject", OBJECT_ID).content["state"] == "ACTIVE"


async def test_more_than_twenty_requests_in_a_second_are_too_many(google: GoogleStandIn) -> None:
    """The bucket empties and fills up again."""
    taken = [google.bucket.take() for _ in range(40)]

    assert taken[:20] == [True] * 20
    assert not all(taken)
    google.bucket._at -= 1.0
    assert google.bucket.take(20)

"""The Google channel against a stand-in that behaves: resources become what they should be."""

import pytest

from sandbox.google.commands import Say
from sandbox.google.refusals import ApiRefusal, exists, not_found, permission_denied, rate_exceeded
from sandbox.google.stand_in import GoogleStandIn
from tests.googles import CLASS_ID, OBJECT_ID, make_class, make_message, make_object
from workers.channels.base import (
    DELIVERED,
    Outcome,
    Permanent,
    StopSender,
    Temporary,
    Unclassified,
)
from workers.channels.google.answers import NOT_FOUND, QUOTA_EXCEEDED
from workers.channels.google.calls import Resource
from workers.channels.google.client import Found, GoogleWallet

NOTIFY = {"notifyPreference": "NOTIFY_ON_UPDATE"}


def verbs(google: GoogleStandIn) -> list[tuple[str, int]]:
    """Return verb and status of each call the stand-in saw."""
    return [(call.verb, call.status) for call in google.recorded]


async def test_a_new_object_is_inserted_at_once(
    google: GoogleStandIn, wallet: GoogleWallet
) -> None:
    """Told that it is new, the channel does not ask first."""
    assert await wallet.put_class(CLASS_ID, make_class(), is_new=True) == DELIVERED
    assert await wallet.put_object(OBJECT_ID, make_object(), is_new=True) == DELIVERED

    assert verbs(google) == [("POST", 200), ("POST", 200)]
    assert google.wallet.get("loyaltyObject", OBJECT_ID).content == make_object()


async def test_whoever_was_wrong_about_new_is_put_right(
    google: GoogleStandIn, wallet: GoogleWallet
) -> None:
    """PATCH meets 404 and inserts; insert meets 409 and patches: Google ends as we are."""
    assert await wallet.put_class(CLASS_ID, make_class()) == DELIVERED
    assert await wallet.put_object(OBJECT_ID, make_object(1)) == DELIVERED
    assert await wallet.put_object(OBJECT_ID, make_object(2), is_new=True) == DELIVERED

    assert verbs(google)[-4:] == [("PATCH", 404), ("POST", 200), ("POST", 409), ("PATCH", 200)]
    kept = google.wallet.get("loyaltyObject", OBJECT_ID).content
    assert kept["loyaltyPoints"]["balance"] == {"int": 2}


async def test_two_workers_that_insert_at_once_both_succeed(
    google: GoogleStandIn, wallet: GoogleWallet
) -> None:
    """Between our 404 and our insert somebody else may insert: then we patch."""
    await wallet.put_class(CLASS_ID, make_class(), is_new=True)
    await wallet.put_object(OBJECT_ID, make_object(1), is_new=True)
    google.next(Say(not_found(OBJECT_ID)))

    assert await wallet.put_object(OBJECT_ID, make_object(2)) == DELIVERED
    assert verbs(google)[-3:] == [("PATCH", 404), ("POST", 409), ("PATCH", 200)]


async def test_an_object_without_a_class_says_what_is_missing(wallet: GoogleWallet) -> None:
    """The caller puts the class and comes back."""
    assert await wallet.put_object(OBJECT_ID, make_object()) == NOT_FOUND


async def test_a_message_is_added_to_an_object_and_to_all_holders_of_a_class(
    google: GoogleStandIn, wallet: GoogleWallet
) -> None:
    """The same verb for one holder and for everybody."""
    await wallet.put_class(CLASS_ID, make_class(), is_new=True)
    await wallet.put_object(OBJECT_ID, make_object(), is_new=True)

    for resource, resource_id in ((Resource.OBJECT, OBJECT_ID), (Resource.CLASS, CLASS_ID)):
        assert await wallet.add_message(resource, resource_id, make_message()) == DELIVERED
        kept = google.wallet.get(resource, resource_id).content
        assert kept["messages"] == [make_message()]


async def test_a_repeated_message_is_looked_for_before_it_is_sent(
    google: GoogleStandIn, wallet: GoogleWallet
) -> None:
    """An earlier attempt of a process that died may have reached Google, or not."""
    await wallet.put_class(CLASS_ID, make_class(), is_new=True)
    for _ in range(2):
        outcome = await wallet.add_message(
            Resource.CLASS, CLASS_ID, make_message(), is_repeat=True
        )
        assert outcome == DELIVERED

    assert verbs(google)[1:] == [("GET", 200), ("POST", 200), ("GET", 200)]


async def test_a_spent_quota_is_told_from_a_missing_permission(
    google: GoogleStandIn, wallet: GoogleWallet
) -> None:
    """Both are 403: one asks for a quieter try at once, the other for a person."""
    await wallet.put_class(CLASS_ID, make_class(), is_new=True)
    await wallet.put_object(OBJECT_ID, make_object(0), is_new=True)
    loud = [await wallet.put_object(OBJECT_ID, make_object(n) | NOTIFY) for n in range(1, 5)]
    quiet = await wallet.put_object(OBJECT_ID, make_object(4))
    google.next(Say(permission_denied()))
    denied = await wallet.put_object(OBJECT_ID, make_object(5))

    assert loud == [DELIVERED, DELIVERED, DELIVERED, QUOTA_EXCEEDED]
    assert quiet == DELIVERED
    assert denied == Temporary("permissionDenied", 900, StopSender("permissionDenied"))


ANSWERS: dict[str, tuple[Say, Outcome]] = {
    "bad request": (Say(ApiRefusal(400, "invalidResource", "no")), Permanent("invalidResource")),
    "missing": (Say(not_found("1.x")), NOT_FOUND),
    "too many": (Say(rate_exceeded(), "7"), Temporary("rateLimitExceeded", 7)),
    "too many, no hint": (Say(rate_exceeded()), Temporary("rateLimitExceeded")),
    "too many, for years": (
        Say(rate_exceeded(), "9" * 99),
        Temporary("rateLimitExceeded", 86_400),
    ),
    "too many, nonsense": (Say(rate_exceeded(), "soon"), Temporary("rateLimitExceeded")),
    "rate as 403": (
        Say(ApiRefusal(403, "userRateLimitExceeded", "no")),
        Temporary("userRateLimitExceeded"),
    ),
    "trouble": (Say(ApiRefusal(500, "backendError", "no")), Temporary("backendError")),
    "unavailable": (Say(ApiRefusal(503, "back end!", "no")), Temporary("Status503")),
    "teapot": (Say(ApiRefusal(418, "teapot", "no")), Unclassified("teapot")),
    "moved": (Say(ApiRefusal(302, "moved", "no")), Unclassified("moved")),
}


@pytest.mark.parametrize(("command", "expected"), ANSWERS.values(), ids=ANSWERS.keys())
async def test_every_answer_has_its_outcome(
    google: GoogleStandIn, wallet: GoogleWallet, command: Say, expected: Outcome
) -> None:
    """By status and `errors[].reason`, never by the words of a message."""
    google.next(command)

    assert await wallet.add_message(Resource.CLASS, CLASS_ID, make_message()) == expected
    assert len(google.recorded) == 1


async def test_a_moment_to_retry_is_read_by_the_servers_own_clock(
    google: GoogleStandIn, wallet: GoogleWallet
) -> None:
    """Retry-After may be a date; one that is over means now."""
    google.next(Say(rate_exceeded(), "Wed, 01 Jan 2020 00:00:00 GMT"))
    google.next(Say(rate_exceeded(), "Wed, 01 Jan 2200 00:00:00 GMT"))

    outcomes = [await wallet.put_class(CLASS_ID, make_class()) for _ in range(2)]

    assert outcomes == [
        Temporary("rateLimitExceeded", 0),
        Temporary("rateLimitExceeded", 86_400),
    ]


async def test_an_insert_that_meets_a_conflict_twice_comes_back_as_it_is(
    google: GoogleStandIn, wallet: GoogleWallet
) -> None:
    """The channel does not go around in circles: three calls at most."""
    google.next(Say(not_found(CLASS_ID)))
    google.next(Say(exists(CLASS_ID)))
    google.next(Say(not_found(CLASS_ID)))

    assert await wallet.put_class(CLASS_ID, make_class()) == NOT_FOUND
    assert len(google.recorded) == 3


async def test_only_the_fields_asked_for_come_back(
    google: GoogleStandIn, wallet: GoogleWallet
) -> None:
    """Reading says what to read; a field that is empty at Google is missing."""
    await wallet.put_class(CLASS_ID, make_class(), is_new=True)

    found = await wallet.find(Resource.CLASS, CLASS_ID, "id,programLogo(sourceUri/uri),messages")

    assert found == Found({"id": CLASS_ID, "programLogo": make_class()["programLogo"]})
    assert google.recorded[-1].verb == "GET"

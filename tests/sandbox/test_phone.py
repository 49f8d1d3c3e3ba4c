"""A phone adds, updates and removes passes of an honest web service without a complaint."""

import asyncio
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from sandbox.phone.phone import Phone
from sandbox.phone.report import report_of
from tests.sandbox.conftest import Stage, add, settled
from tests.sandbox.pass_service import PASS_TYPE, TOKEN, Fault

Report = dict[str, dict[str, object]]


def value_of(phone: Phone, field: str, at: int = 0) -> object:
    report = json.loads(json.dumps(report_of(phone, datetime.now(UTC))))
    return report["passes"][at]["fields"][field]["value"]


def complaints_of(phone: Phone) -> list[str]:
    return [line.text for line in phone.state.log]


async def test_an_added_pass_is_registered_listed_and_fetched(stage: Stage) -> None:
    """Adding costs one registration, one list without a tag and one get without a date."""
    phone = await stage.phone_with("one")

    assert value_of(phone, "progress") == "6 of 10"
    requests = [(each.method, each.path.split("/v1/")[1]) for each in stage.service.requests]
    device = phone.state.links[0].device
    assert requests == [
        ("POST", f"devices/{device}/registrations/{PASS_TYPE}/one"),
        ("GET", f"devices/{device}/registrations/{PASS_TYPE}"),
        ("GET", f"passes/{PASS_TYPE}/one"),
    ]
    assert "If-Modified-Since" not in stage.service.requests[2].headers
    assert complaints_of(phone) == []


async def test_a_stamp_arrives_with_its_message(stage: Stage) -> None:
    """A push makes the phone list from its tag, fetch, show the new count and say so."""
    phone = await stage.phone_with("one")
    stage.service.stamp("one")
    await settled(phone)

    assert value_of(phone, "progress") == "7 of 10"
    message = phone.state.notifications[0]
    assert (message.title, message.text) == ("Café Lumen", "You now have 7 of 10 stamps.")
    assert stage.service.requests[-2].query == {"passesUpdatedSince": "1"}
    assert complaints_of(phone) == []
    assert stage.service.logs == []


async def test_ten_stamps_in_a_row_all_arrive(stage: Stage) -> None:
    """Pushes that come while the phone is asking make it ask once more, not once each."""
    phone = await stage.phone_with("one", stamps=0)
    for _ in range(10):
        stage.service.stamp("one")
    await settled(phone)

    assert value_of(phone, "progress") == "10 of 10"
    assert stage.service.count("GET", "/registrations/") <= 3


async def test_if_modified_since_is_sent_back_word_for_word(stage: Stage) -> None:
    """The date of the last answer is what the next question carries."""
    phone = await stage.phone_with("one")
    known = phone.state.passes[0].last_modified
    await phone.refresh(phone.state.passes[0].key)

    assert stage.service.requests[-1].headers["If-Modified-Since"] == known
    assert complaints_of(phone) == []


async def test_pull_to_refresh_fetches_the_pass_alone(stage: Stage) -> None:
    """A refresh makes one request, shows the news and says nothing on the lock screen."""
    phone = await stage.phone_with("one")
    stage.service.push = lambda _topic, _token: None
    stage.service.stamp("one")
    before = len(stage.service.requests)
    await phone.refresh(phone.state.passes[0].key)

    assert len(stage.service.requests) == before + 1
    assert value_of(phone, "progress") == "7 of 10"
    assert phone.state.notifications == []


async def test_a_second_pass_of_a_known_service_is_fetched_beside_the_list(stage: Stage) -> None:
    """With a tag in hand the list may not name the new pass, so the phone fetches it too."""
    phone = await stage.phone_with("one", "two")

    assert stage.service.requests[-2].query == {"passesUpdatedSince": "1"}
    assert stage.service.requests[-1].path.endswith("/two")
    assert len({link.device for link in phone.state.links}) == 1
    assert complaints_of(phone) == []


async def test_removing_a_pass_unregisters_it(stage: Stage) -> None:
    """Afterwards the service knows no registration, and a new pass comes as a new device."""
    phone = await stage.phone_with("one")
    device = phone.state.links[0].device
    phone.remove(phone.state.passes[0].key)
    await settled(phone)
    assert stage.service.registrations == {}
    assert phone.state.passes == []

    await add(phone, stage.service.issue("two"))
    assert phone.state.links[0].device != device


async def test_automatic_updates_can_be_switched(stage: Stage) -> None:
    """Off unregisters, on registers again and catches up with what was missed."""
    phone = await stage.phone_with("one")
    key = phone.state.passes[0].key
    phone.set_automatic_updates(key, enabled=False)
    await settled(phone)
    assert stage.service.registrations == {}
    stage.service.stamp("one")

    phone.set_automatic_updates(key, enabled=True)
    await settled(phone)
    assert value_of(phone, "progress") == "7 of 10"
    assert complaints_of(phone) == []


async def test_a_new_push_token_is_told_to_the_service(stage: Stage) -> None:
    """After a rotation the same registration carries the new token, and pushes arrive by it."""
    phone = await stage.phone_with("one")
    old = phone.state.push_token
    phone.rotate_push_token()
    await settled(phone)
    assert list(stage.service.registrations.values()) == [phone.state.push_token]
    assert phone.state.push_token != old

    stage.service.stamp("one")
    await settled(phone)
    assert value_of(phone, "progress") == "7 of 10"


async def test_a_failing_service_is_asked_again(stage: Stage) -> None:
    """A list that answers 500 is tried again, and the stamp arrives when it works."""
    phone = await stage.phone_with("one")
    stage.service.faults.add(Fault.LIST_FAILS)
    stage.service.stamp("one")
    await settled(phone)
    assert value_of(phone, "progress") == "6 of 10"
    assert phone.state.counters == {"unexpected_response_code": 3}

    stage.service.faults.clear()
    stage.service.push_for("one")
    await settled(phone)
    assert value_of(phone, "progress") == "7 of 10"


async def test_phones_survive_a_restart_and_catch_up(stage: Stage) -> None:
    """After a restart a phone asks what it missed, as a device does after a reboot."""
    phone = await stage.phone_with("one")
    await stage.stop()
    stage.service.push = lambda _topic, _token: None
    stage.service.stamp("one")
    await stage.start()

    woken = stage.phones[0]
    await settled(woken)
    assert woken.state.id == phone.state.id
    assert value_of(woken, "progress") == "7 of 10"
    assert complaints_of(woken) == []


async def test_a_phone_waits_for_the_network_before_it_asks(stage: Stage, free_port: int) -> None:
    """A sandbox that is up before the web process causes no complaint about a connection."""
    await stage.phone_with("one")
    await stage.stop()
    here, stage.config = (
        stage.config,
        replace(stage.config, public_url=f"http://127.0.0.1:{free_port}"),
    )
    waiting = asyncio.create_task(stage.start())
    await asyncio.sleep(0.1)
    assert not waiting.done()
    assert complaints_of(stage.phones[0]) == []

    waiting.cancel()
    await asyncio.wait([waiting])
    await stage.stop()
    stage.config = here
    await stage.start()


async def test_a_push_reaches_only_the_phone_with_its_token(stage: Stage) -> None:
    """Another phone with the same card type hears nothing."""
    mine = await stage.phone_with("one")
    other = await stage.phone_with("two")
    stage.service.stamp("one")
    await settled(mine)

    assert mine.state.requests["push"] == 1
    assert "push" not in other.state.requests


async def test_crossing_pushes_are_forgiven_for_a_while(stage: Stage) -> None:
    """Within five minutes of a change a device does not call a second push spurious."""
    stage.config = replace(stage.config, forgiven_for=timedelta(minutes=5))
    await stage.stop()
    await stage.start()
    phone = await stage.phone_with("one")
    stage.service.stamp("one")
    await settled(phone)
    stage.service.push_for("one")
    await settled(phone)

    assert complaints_of(phone) == []
    assert phone.state.forgiven == {"spurious_push": 1}


async def test_the_report_holds_no_secret(stage: Stage) -> None:
    """Neither the pass's token nor the push token nor the device identifier leave the phone."""
    phone = await stage.phone_with("one")
    report = json.dumps(report_of(phone, datetime.now(UTC)))

    for secret in (TOKEN, phone.state.push_token, phone.state.links[0].device):
        assert secret not in report

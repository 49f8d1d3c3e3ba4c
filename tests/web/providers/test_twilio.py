"""Twilio's callbacks: only Twilio's own are believed, and what they say is understood."""

import pytest

from gateway.web.providers.reports import DeliveryReport, InboundSms, ReportState
from gateway.web.providers.twilio import is_signed, parse_inbound, parse_report

# The example of https://www.twilio.com/docs/usage/security
TOKEN, URL = "12345", "https://mycompany.com/myapp.php?foo=1&bar=2"
FORM = {
    "CallSid": "CA1234567890ABCDE",
    "Caller": "+14158675309",
    "Digits": "1234",
    "From": "+14158675309",
    "To": "+18005551212",
}
SIGNATURE = "RSOYDt4T1cUTdK1PDd93/VVr8B8="
SID = "SM" + "0123456789abcdef" * 2


def test_the_documented_example_is_signed() -> None:
    """In whatever order the parameters come."""
    assert is_signed(URL, FORM.items(), SIGNATURE, TOKEN)
    assert is_signed(URL, reversed(FORM.items()), SIGNATURE, TOKEN)


def test_a_repeated_parameter_is_signed_as_twilio_does() -> None:
    """Each distinct value once, sorted: the vector of Twilio's own libraries."""
    form = [("Sid", "CA123"), ("SidAccount", "AC123")]
    form += [("Digits", "5678"), ("Digits", "1234"), ("Digits", "1234")]
    assert is_signed(URL, form, "IK+Dwps556ElfBT0I3Rgjkr1wJU=", TOKEN)


@pytest.mark.parametrize(
    "signature", ["", "RSOYDt4T1cUTdK1PDd93/VVr8B9=", "invalid 王", "invalid \udce9", "x" * 9999]
)
def test_a_forged_signature_is_not_believed(signature: str) -> None:
    """Whatever it is made of."""
    assert not is_signed(URL, FORM.items(), signature, TOKEN)


def test_a_changed_word_is_noticed() -> None:
    """In the address, in a parameter, in the token, or added."""
    assert not is_signed(URL + "&x=1", FORM.items(), SIGNATURE, TOKEN)
    assert not is_signed(URL, (FORM | {"Digits": "9999"}).items(), SIGNATURE, TOKEN)
    assert not is_signed(URL, (FORM | {"More": ""}).items(), SIGNATURE, TOKEN)
    assert not is_signed(URL, FORM.items(), SIGNATURE, "12346")


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("queued", ReportState.SENT),
        ("sent", ReportState.SENT),
        ("delivered", ReportState.DELIVERED),
        ("undelivered", ReportState.BOUNCED),
        ("failed", ReportState.FAILED),
    ],
)
def test_each_status_is_understood(status: str, state: ReportState) -> None:
    """The reason is a code, never a text with a number in it."""
    form = {"MessageSid": SID, "MessageStatus": status, "ErrorCode": "30003", "To": "+1"}
    assert parse_report(form) == DeliveryReport(
        provider="twilio", reference=SID, state=state, reason="Twilio30003"
    )


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"MessageSid": SID},
        {"MessageSid": SID, "MessageStatus": "teleported"},
        {"MessageSid": "../" + SID, "MessageStatus": "sent"},
        {"MessageSid": SID + "\n", "MessageStatus": "sent"},
    ],
)
def test_an_unknown_report_is_nothing(form: dict[str, str]) -> None:
    """A new status of theirs is no trouble of ours."""
    assert parse_report(form) is None


def test_an_answer_of_a_person_is_read() -> None:
    """Who, to whom, what."""
    form = {"MessageSid": SID, "From": "+352621123456", "To": "+352621000001", "Body": "STOP"}
    assert parse_inbound(form) == InboundSms(
        provider="twilio",
        reference=SID,
        sender="+352621123456",
        recipient="+352621000001",
        text="STOP",
    )
    assert parse_inbound(form | {"From": "whatsapp:+352621123456"}) is None
    assert "352621123456" not in repr(parse_inbound(form))

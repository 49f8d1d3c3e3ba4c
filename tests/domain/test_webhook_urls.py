"""Addresses of webhook endpoints: public https only, in every spelling there is."""

import socket
from ipaddress import IPv4Address, IPv6Address, ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.domain.errors import Invalid
from gateway.domain.webhook_addresses import is_public_address
from gateway.domain.webhook_urls import URL_CHARACTERS_MAX, check_url

LOCAL = frozenset({("127.0.0.1", 9000), ("localhost", 9000)})
INSIDE_V4 = [
    "0.0.0.0/8",
    "10.0.0.0/8",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.0.0.0/29",
    "192.0.2.0/24",
    "192.168.0.0/16",
    "198.18.0.0/15",
    "198.51.100.0/24",
    "203.0.113.0/24",
    "224.0.0.0/4",
    "240.0.0.0/4",
]
INSIDE_V6 = [
    "::/96",
    "::ffff:0:0/96",
    "64:ff9b::/96",
    "64:ff9b:1::/48",
    "100::/64",
    "2001::/32",
    "2001:db8::/32",
    "2002::/16",
    "fc00::/7",
    "fe80::/10",
    "ff00::/8",
]


def is_accepted(url: str) -> bool:
    """Whether the rules take an address."""
    try:
        check_url(url)
    except Invalid:
        return False
    return True


def spellings(address: IPv4Address) -> list[str]:
    """Write an IPv4 address in the ways that some client or other understands."""
    number, parts = int(address), address.packed
    return [
        str(address),
        str(number),
        hex(number),
        f"0{number:o}",
        ".".join(hex(part) for part in parts),
        ".".join(f"0{part:o}" for part in parts),
        f"{parts[0]}.{number & 0xFFFFFF}",
        f"{parts[0]}.{parts[1]}.{number & 0xFFFF}",
        f"{address}.",
        "".join(chr(0x2460 + int(d) - 1) if d in "123456789" else d for d in str(address)),
        "".join(chr(0xFF10 + int(d)) if d != "." else "\u3002" for d in str(address)),
        f"[::ffff:{address}]",
        f"[::{address}]",
        f"[64:ff9b::{address}]",
        f"[2002:{number >> 16:x}:{number & 0xFFFF:x}::1]",
    ]


@pytest.mark.parametrize(
    "url",
    [
        "https://shop.example/webhooks",
        "https://shop.example:8443/a?token=1",
        "HTTPS://Shop.Example",
        "https://xn--bcher-kva.example/",
        "https://pr--site.example/",
        "https://8.8.8.8/",
        "https://[2606:4700:4700::1111]/",
    ],
)
def test_public_addresses_are_taken(url: str) -> None:
    """A name or a plain public address, by https."""
    check_url(url)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "shop.example",
        "//shop.example",
        "http://shop.example/",
        "file:///etc/passwd",
        "gopher://shop.example/",
        "https://",
        "https:///path",
        "https://user@shop.example/",
        "https://user:word@shop.example/",
        "https://shop.example/#part",
        "https://shop.example#",
        "https://shop.example:22/",
        "https://shop.example:6379/",
        "https://shop.example:80/",
        "https://shop.example:0/",
        "https://shop.example:/",
        "https://shop.example:port/",
        "https://shop.example:99999/",
        "https://shop.example\\@10.0.0.1/",
        "https://shop.example/\r\nHost: inside",
        "https://shop .example/",
        "https://bücher.example/",
        "https://xn--zzzzzz99999.example/",
        "https://xn--abc-.example/",
        "https://shop..example/",
        "https://-shop.example/",
        "https://shop_.example/",
        "https://shop%2eexample/",
        "https://localhost/",
        "https://redis/",
        "https://printer.local/",
        "https://metadata.google.internal/",
        "https://shop.localhost/",
        "https://[::1/",
        "https://[fe80::1%25eth0]/",
        "https://[2606:4700::1%25eth0]/",
        "https://[127.0.0.1]/",
        "https://[v1.shop]/",
        f"https://{'a.' * 130}example/",
        "https://shop.example/" + "a" * URL_CHARACTERS_MAX,
    ],
)
def test_all_else_is_refused_with_a_sentence(url: str) -> None:
    """The person reads what to change."""
    with pytest.raises(Invalid) as refused:
        check_url(url)

    assert refused.value.sentence == "Please check the address."
    errors = refused.value.detail["errors"]
    assert isinstance(errors, dict)
    assert list(errors) == ["url"]
    assert errors["url"].startswith("Please ")


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        (
            "https://shop .example/",
            "Please write the address without blanks and in plain characters only.",
        ),
        ("https://shop.example#", "Please leave out the part after #."),
        (
            "https://user@shop.example/",
            "Please leave out the name and password; every message is signed.",
        ),
        ("http://shop.example/", "Please use an address that begins with https://."),
        ("https://shop.example:22/", "Please use port 443 or 8443."),
    ],
)
def test_what_to_change_is_said(url: str, sentence: str) -> None:
    """In whole sentences."""
    with pytest.raises(Invalid) as refused:
        check_url(url)
    assert refused.value.detail == {"errors": {"url": sentence}}


def test_an_address_may_be_as_long_as_the_limits_say() -> None:
    """The whole of it, and its host."""
    start = "https://shop.example/"
    check_url(start + "a" * (URL_CHARACTERS_MAX - len(start)))
    check_url(f"https://{'a.' * 123}example/")


@given(st.sampled_from(INSIDE_V4).flatmap(lambda network: st.ip_addresses(network=network)))
def test_no_spelling_of_an_inner_address_is_taken(address: IPv4Address) -> None:
    """Decimal, octal, hexadecimal, short, circled, wide, mapped, translated, tunnelled."""
    assert [s for s in spellings(address) if is_accepted(f"https://{s}/")] == []
    assert not is_public_address(str(address))


@given(st.ip_addresses(v=4))
def test_only_the_plain_spelling_of_a_public_address_is_taken(address: IPv4Address) -> None:
    """Whoever writes an address in disguise has something to hide."""
    plain, *disguised = spellings(address)

    assert [s for s in disguised if is_accepted(f"https://{s}/")] == []
    assert is_accepted(f"https://{plain}/") == is_public_address(plain)


@given(st.sampled_from(INSIDE_V6).flatmap(lambda network: st.ip_addresses(network=network)))
def test_no_inner_address_of_the_new_kind_is_taken(address: IPv6Address) -> None:
    """Short or long, in small letters or capitals."""
    for text in (str(address), address.exploded, str(address).upper()):
        assert not is_accepted(f"https://[{text}]/")
        assert not is_public_address(text)


@given(st.ip_addresses())
def test_nothing_is_public_that_python_knows_to_be_closed(
    address: IPv4Address | IPv6Address,
) -> None:
    """An independent list agrees with ours as far as it goes."""
    if not address.is_global or address.is_multicast or address.is_reserved:
        assert not is_public_address(str(address))


@given(st.text(max_size=60))
def test_no_text_makes_the_rules_stumble(text: str) -> None:
    """Any text is taken or refused, and what is taken leads to no inner literal."""
    url = f"https://{text}"
    if is_accepted(url):
        host = url.removeprefix("https://").partition("/")[0].partition(":")[0].partition("?")[0]
        try:
            packed = socket.inet_aton(host)
        except OSError:
            return
        assert is_public_address(str(ip_address(packed)))


def test_a_developer_may_name_his_own_machine() -> None:
    """By http, and only the host and port that were named."""
    check_url("http://127.0.0.1:9000/hook", local=LOCAL)
    check_url("http://localhost:9000/hook", local=LOCAL)
    for url in (
        "http://127.0.0.1:9001/",
        "http://[::1]:9000/",
        "http://u@localhost:9000/",
        "http://localhost/",
        "file://localhost:9000/",
    ):
        with pytest.raises(Invalid):
            check_url(url, local=LOCAL)

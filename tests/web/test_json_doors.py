"""Bodies of the API: what is refused at the door, and how exactly it is said."""

import asyncio
import gzip
import json

import pytest
from aiohttp import hdrs

from tests.web.doors import Client, problem

KEYED = {"Idempotency-Key": "till-7-0001", "Content-Type": "application/json"}
URL = "/api/v1/stamps"


async def test_an_honest_body_is_understood(client: Client) -> None:
    """The handler gets the typed body, the key and the fingerprint."""
    async with client.post(URL, data=b'{"stamps": 2}', headers=KEYED) as response:
        done = await response.json()

    assert response.status == 201
    assert (done["stamps"], done["key"], len(done["fingerprint"])) == (2, "till-7-0001", 64)


@pytest.mark.parametrize(
    ("raw", "code", "pointer"),
    [
        (b'{"stamps":1,"stamps":1000}', "json_duplicate_key", "/stamps"),
        (b'{"stamps":NaN}', "json_number", "/stamps"),
        (b'{"stamps":-Infinity}', "json_number", "/stamps"),
        (b'{"stamps":1e400}', "json_number", "/stamps"),
        (b'{"stamps":9223372036854775808}', "json_number", "/stamps"),
        (b'{"stamps":' + b"9" * 1900 + b"}", "json_number", "/stamps"),
        (b'{"stamps":1,"note":"\\ud800"}', "json_text", "/note"),
        (b'{"stamps":1,"note":"a\\u0000b"}', "json_text", "/note"),
        (b'{"stamps":1,"\\ud800":1}', "json_text", "/\\ud800"),
        (b'{"a":' * 33 + b"1" + b"}" * 33, "json_too_deep", "/a" * 32),
        (b"\xef\xbb\xbf{}", "json_encoding", None),
        (b'{"note":"\xff"}', "json_encoding", None),
        (b'{"note":"\xed\xa0\x80"}', "json_encoding", None),
        (b'{"stamps":1}}', "json_invalid", None),
        (b'{"stamps":1,}', "json_invalid", None),
        (b'{"note":"\x00"}', "json_invalid", None),
        (b"", "json_invalid", None),
        (b'{"stamps":0}', "body_invalid", "/stamps"),
        (b'{"stamps":true}', "body_invalid", "/stamps"),
        (b'{"stamps":"1"}', "body_invalid", "/stamps"),
        (b'{"stamps":1.0}', "body_invalid", "/stamps"),
        (b'{"stamps":1,"balance":9}', "body_invalid", "/balance"),
        (b"{}", "body_invalid", "/stamps"),
        (b"[]", "body_invalid", ""),
    ],
)
async def test_i2_i3_i4_a_doubtful_body_is_refused_with_a_pointer(
    client: Client, raw: bytes, code: str, pointer: str | None
) -> None:
    """Whatever two parsers could read differently is a 400 that names the place."""
    async with client.post(URL, data=raw, headers=KEYED) as response:
        refused = await problem(response)

    assert (response.status, refused["code"]) == (400, code)
    if pointer is not None:
        assert [fault["pointer"] for fault in refused["errors"]] == [pointer]  # type: ignore[attr-defined]


async def test_i3_thirty_thousand_levels_are_refused(client: Client) -> None:
    """A body nested beyond the parser's own recursion is a 400, not a crash."""
    async with client.post(URL, data=b"[" * 2000, headers=KEYED) as response:
        refused = await problem(response)

    assert (response.status, refused["code"]) == (400, "json_too_deep")


async def test_i1_a_body_over_the_routes_limit_is_413(client: Client) -> None:
    """The limit of this route is counted, announced or not."""

    async def chunks() -> object:
        for _ in range(3):
            yield b" " * 1000

    for data in (b" " * 2049, chunks()):
        async with client.post(URL, data=data, headers=KEYED) as response:
            refused = await problem(response)
        assert (response.status, refused["code"]) == (413, "body_too_large")


async def test_i1_a_compression_bomb_is_413(client: Client) -> None:
    """The unpacked bytes count, and unpacking stops at the limit."""
    bomb = gzip.compress(b" " * 5_000_000)
    headers = KEYED | {hdrs.CONTENT_ENCODING: "gzip"}
    async with client.post(URL, data=bomb[:2000] + bomb[2000:], headers=headers) as response:
        refused = await problem(response)

    assert (response.status, refused["code"]) == (413, "body_too_large")


async def test_i1_a_broken_compression_is_refused(client: Client) -> None:
    """Garbage that claims to be gzip is a 400."""
    headers = KEYED | {hdrs.CONTENT_ENCODING: "gzip"}
    async with client.post(URL, data=b"not gzip at all", headers=headers) as response:
        assert response.status == 400


async def test_a_slow_body_is_given_up(client: Client) -> None:
    """A client that trickles its body is answered 408 at the deadline."""

    async def trickle() -> object:
        yield b'{"stamps":'
        await asyncio.sleep(1)
        yield b"1}"

    async with client.post(URL, data=trickle(), headers=KEYED) as response:
        refused = await problem(response)

    assert (response.status, refused["code"]) == (408, "body_too_slow")


@pytest.mark.parametrize("content_type", ["text/plain", "application/json; charset=utf-16", "x"])
async def test_i6_another_content_type_is_415(client: Client, content_type: str) -> None:
    """A body is read only as what its route takes."""
    headers = KEYED | {"Content-Type": content_type}
    async with client.post(URL, data=b'{"stamps":1}', headers=headers) as response:
        refused = await problem(response)

    assert (response.status, refused["code"]) == (415, "unsupported_media_type")


async def test_e1_a_missing_idempotency_key_is_refused(client: Client) -> None:
    """A write that could be doubled needs a key."""
    async with client.post(URL, json={"stamps": 1}) as response:
        refused = await problem(response)

    assert (response.status, refused["code"]) == (400, "idempotency_key_missing")


@pytest.mark.parametrize("key", ["", " ", "x" * 256, "a b", "schlüssel", '"open', '""', '"a\\x"'])
async def test_e2_a_bad_idempotency_key_is_refused(client: Client, key: str) -> None:
    """Empty, too long, not visible ASCII, or badly quoted."""
    async with client.post(URL, json={"stamps": 1}, headers={"Idempotency-Key": key}) as response:
        refused = await problem(response)

    assert (response.status, refused["code"]) == (400, "idempotency_key_invalid")


async def test_e2_two_idempotency_keys_are_refused(client: Client) -> None:
    """Nobody can say which of two keys was meant."""
    headers = [("Idempotency-Key", "one"), ("Idempotency-Key", "two")]
    async with client.post(URL, json={"stamps": 1}, headers=headers) as response:
        assert response.status == 400


@pytest.mark.parametrize(
    ("sent", "understood"), [("x" * 255, "x" * 255), ('"quoted key"', None), ('"a\\"b"', 'a"b')]
)
async def test_a_key_may_be_bare_or_quoted(
    client: Client, sent: str, understood: str | None
) -> None:
    """Both spellings in use are taken, and a space in neither."""
    headers = {"Idempotency-Key": sent}
    async with client.post(URL, json={"stamps": 1}, headers=headers) as response:
        if understood is None:
            assert response.status == 400
        else:
            assert (await response.json())["key"] == understood


async def test_a_fingerprint_ignores_spelling_and_nothing_else(client: Client) -> None:
    """The order of keys and white space do not matter; a value does."""

    async def fingerprint(raw: str) -> str:
        async with client.post(URL, data=raw, headers=KEYED) as response:
            found: str = (await response.json())["fingerprint"]
        return found

    body = {"stamps": 1, "note": "é"}
    first = await fingerprint(json.dumps(body, indent=2))
    again = await fingerprint(json.dumps({"note": "é", "stamps": 1}, ensure_ascii=False))
    other = await fingerprint(json.dumps(body | {"stamps": 2}))

    assert first == again
    assert first != other

"""What surrounds every request: ids, log lines, refusals, headers and limits."""

from ipaddress import ip_network

import pytest
import structlog
from structlog.testing import capture_logs

from gateway.web.identity.access import nobody_enters
from tests.web.doors import CANARY, Client, Open, problem

SESSION = {"Authorization": "stamps:write"}


async def test_every_answer_carries_a_request_id(client: Client) -> None:
    """A sane incoming id is kept, anything else is replaced."""
    async with client.get("/livez", headers={"X-Request-Id": "till-7.request_1"}) as response:
        assert response.headers["X-Request-Id"] == "till-7.request_1"

    for bad in ("x", "a" * 65, "a b c d e f", "<script>alert(1)</script>"):
        async with client.get("/livez", headers={"X-Request-Id": bad}) as response:
            assert len(response.headers["X-Request-Id"]) == 32


async def test_the_log_names_the_route_and_keeps_secrets_out(client: Client) -> None:
    """Neither path, query, credentials nor body reach the access log."""
    processors = [structlog.contextvars.merge_contextvars]
    with capture_logs(processors=processors) as lines:
        url = f"/api/v1/members/{CANARY}?q={CANARY}"
        headers = {"Authorization": f"stamps:write {CANARY}"}
        async with client.get(url, headers=headers) as response:
            refused = await problem(response)

    [line] = [line for line in lines if line["event"] == "request"]
    assert line["route"] == "/api/v1/members/{member_id}"
    assert (line["status"], line["method"]) == (404, "GET")
    assert line["request_id"] == refused["request_id"] == response.headers["X-Request-Id"]
    assert CANARY not in repr(lines)


async def test_a_refusal_is_a_problem_with_code_and_facts(client: Client) -> None:
    """The sentence is for people, the code for programs, and what the rule knows is added."""
    async with client.post("/api/v1/cooled") as response:
        refused = await problem(response)

    assert response.status == 422
    assert refused["code"] == "cooldown_active"
    assert refused["detail"] == "This card was stamped a moment ago."
    assert refused["type"] == "/api#cooldown_active"
    assert refused["retry_at"] == "2026-11-21T12:15:00Z"


async def test_a_limit_says_when_to_come_back(client: Client) -> None:
    """429 carries Retry-After, from the refusal when it knows."""
    async with client.get("/api/v1/limited") as response:
        assert (response.status, response.headers["Retry-After"]) == (429, "90")


async def test_i8_our_mistake_stays_in_the_log(client: Client) -> None:
    """The caller reads a generic 500 with an id; the stack is logged."""
    with capture_logs() as lines:
        async with client.get("/api/v1/crash") as response:
            text = await response.text()

    assert response.status == 500
    assert CANARY not in text
    assert "Traceback" not in text
    assert [line["event"] for line in lines] == ["request_failed", "request"]


async def test_i8_a_person_reads_a_page_instead(client: Client) -> None:
    """A mistake on a page is told as a page."""
    async with client.get("/mistake") as response:
        text = await response.text()

    assert (response.status, response.content_type) == (500, "text/html")
    assert "Something went wrong on our side" in text
    assert CANARY not in text


async def test_a_database_that_does_not_answer_is_503(client: Client) -> None:
    """The caller is asked to try again, and learns nothing about our insides."""
    async with client.get("/api/v1/outage") as response:
        refused = await problem(response)

    assert (response.status, refused["code"]) == (503, "unavailable")
    assert response.headers["Retry-After"] == "5"
    assert CANARY not in str(refused)


async def test_an_unknown_address_is_told_to_a_program_and_to_a_person(client: Client) -> None:
    """Under /api a problem, elsewhere a page for whoever reads HTML."""
    html = {"Accept": "text/html,*/*"}
    async with client.get("/api/v1/nothing", headers=html) as response:
        assert (await problem(response))["code"] == "not_found"
    async with client.get("/nothing", headers=html) as response:
        assert (response.status, response.content_type) == (404, "text/html")


@pytest.mark.parametrize("method", ["TRACE", "PUT", "PROPFIND"])
async def test_i6_an_unknown_method_is_405(client: Client, method: str) -> None:
    """The methods that work are named."""
    async with client.request(method, "/api/v1/members") as response:
        refused = await problem(response)

    assert (response.status, refused["code"]) == (405, "method_not_allowed")
    assert response.headers["Allow"] == "GET, HEAD"


async def test_i6_a_nonsensical_accept_is_ignored(client: Client) -> None:
    """An API answers JSON whatever it is asked for."""
    async with client.get("/api/v1/members", headers={"Accept": ";;q=9,//"}) as response:
        assert (response.status, response.content_type) == (200, "application/json")


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ("limit=-1", "/limit"),
        ("limit=0", "/limit"),
        ("limit=1000000000", "/limit"),
        ("limit=ten", "/limit"),
        ("limit=5&limit=6", "/limit"),
        ("name=a%00b", "/name"),
        ("tenant=2", "/tenant"),
    ],
)
async def test_i7_a_bad_query_is_refused_with_a_pointer(
    client: Client, query: str, pointer: str
) -> None:
    """Bounds hold, scalars come once, and unknown parameters are not ignored."""
    async with client.get(f"/api/v1/members?{query}") as response:
        refused = await problem(response)

    assert (response.status, refused["code"]) == (400, "query_invalid")
    assert [fault["pointer"] for fault in refused["errors"]] == [pointer]  # type: ignore[attr-defined]


async def test_i7_wildcards_are_text(client: Client) -> None:
    """What SQL or a pattern would read is passed on as it is."""
    async with client.get("/api/v1/members", params={"name": "%_'; --", "limit": 7}) as response:
        assert await response.json() == {"limit": 7, "name": "%_'; --"}


async def test_a_door_asks_who_is_there(client: Client) -> None:
    """Nobody is 401 with a challenge, somebody without the right is 403, the right one enters."""
    async with client.get("/api/v1/whoami") as response:
        assert (await problem(response))["code"] == "not_signed_in"
        assert (response.status, "Bearer" in response.headers["WWW-Authenticate"]) == (401, True)
    async with client.get("/api/v1/whoami", headers={"Authorization": "other"}) as response:
        assert response.status == 403
    async with client.get("/api/v1/whoami", headers=SESSION) as response:
        assert response.status == 200


async def test_an_application_without_a_guard_lets_nobody_in(open_doors: Open) -> None:
    """Forgetting the guard closes the doors."""
    client = await open_doors(guard=nobody_enters)
    async with client.get("/api/v1/whoami", headers=SESSION) as response:
        assert response.status == 401


@pytest.mark.parametrize(
    ("trusted", "forwarded", "address"),
    [
        ((), "203.0.113.9", "127.0.0.1"),
        (("127.0.0.0/8",), "203.0.113.9", "203.0.113.9"),
        (("127.0.0.0/8",), "6.6.6.6, 203.0.113.9", "203.0.113.9"),
        (("127.0.0.0/8", "10.0.0.0/8"), "6.6.6.6, 203.0.113.9, 10.1.1.1", "203.0.113.9"),
        (("127.0.0.0/8",), "nonsense", "127.0.0.1"),
        (("127.0.0.0/8",), "::ffff:203.0.113.9", "203.0.113.9"),
    ],
)
async def test_i9_only_a_trusted_proxy_speaks_for_others(
    open_doors: Open, trusted: tuple[str, ...], forwarded: str, address: str
) -> None:
    """X-Forwarded-For counts as far as our own proxies vouch for it."""
    client = await open_doors(trusted_proxies=tuple(map(ip_network, trusted)))
    headers = SESSION | {"X-Forwarded-For": forwarded}
    async with client.get("/api/v1/whoami", headers=headers) as response:
        assert (await response.json())["address"] == address


async def test_i9_the_host_header_is_not_believed(client: Client) -> None:
    """No link is made from what the caller says our name is."""
    for url in ("/api/v1/openapi.json", "/api", "/api/v1/nothing"):
        async with client.get(url, headers={"Host": "evil.example"}) as response:
            assert "evil.example" not in await response.text()


async def test_every_answer_carries_the_security_headers(client: Client) -> None:
    """Refusals too; nothing but the minimum is allowed, and nothing personal is cached."""
    for url in ("/livez", "/api/v1/nothing", "/form", "/api/v1/crash", "/mistake"):
        async with client.get(url) as response:
            headers = response.headers
        assert headers["Content-Security-Policy"].startswith("default-src 'none'")
        assert "unsafe-inline" not in headers["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Cache-Control"] == "no-store"
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert headers["Server"] == "passgate"
        assert "Strict-Transport-Security" not in headers


async def test_only_the_scanner_may_use_the_camera(client: Client) -> None:
    """WebAssembly and the camera are allowed on the one page that needs them."""
    async with client.get("/scanner") as response:
        assert "camera=(self)" in response.headers["Permissions-Policy"]
        assert "'wasm-unsafe-eval'" in response.headers["Content-Security-Policy"]
    async with client.get("/form") as response:
        assert "camera=()" in response.headers["Permissions-Policy"]
        assert "wasm" not in response.headers["Content-Security-Policy"]


async def test_https_is_insisted_on_where_it_is_offered(open_doors: Open) -> None:
    """HSTS follows the public address, not the connection behind the proxy."""
    client = await open_doors(public_url="https://gate.example")
    async with client.get("/livez") as response:
        assert "max-age=31536000" in response.headers["Strict-Transport-Security"]

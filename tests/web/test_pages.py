"""Pages: escaping, forms with CSRF, cookies, and static files."""

import re

import pytest

from gateway.web import assets
from tests.web.doors import Client, Open

TOKEN = re.compile(r'name="csrf_token" value="([0-9a-f]{64})"')


async def token_of(client: Client) -> str:
    """Load the form as a browser does, keeping its cookie."""
    async with client.get("/form") as response:
        found = TOKEN.search(await response.text())
    assert found is not None
    return found[1]


async def test_a_form_from_our_own_page_is_taken(client: Client) -> None:
    """The visit cookie and the token belong together; text arrives as typed."""
    fields = {"csrf_token": await token_of(client), "name": " Ödön "}
    async with client.post("/form", data=fields) as response:
        assert (response.status, await response.text()) == (200, "Ödön")


async def test_a_template_escapes_what_it_shows(client: Client) -> None:
    """A name is text, whatever it contains."""
    async with client.get("/form") as response:
        assert 'value="&lt;b&gt;"' in await response.text()


async def test_a9_a_form_without_a_token_is_refused(client: Client) -> None:
    """A foreign page can send a form, but cannot know the token."""
    await token_of(client)
    async with client.post("/form", data={"name": "x"}) as response:
        assert response.status == 403
        assert "Please load it again" in await response.text()


async def test_a9_a_foreign_token_is_refused(client: Client, open_doors: Open) -> None:
    """A token is bound to the visit it was made for."""
    other = await open_doors()
    foreign = await token_of(other)
    await token_of(client)
    async with client.post("/form", data={"csrf_token": foreign, "name": "x"}) as response:
        assert response.status == 403


async def test_a9_a_token_dies_with_its_session(client: Client) -> None:
    """A token made before signing in is worth nothing after it."""
    fields = {"csrf_token": await token_of(client), "name": "x"}
    cookies = {"passgate_session": "another"}
    async with client.post("/form", data=fields, cookies=cookies) as response:
        assert response.status == 403


@pytest.mark.parametrize("site", ["cross-site", "same-site", "nonsense"])
async def test_a9_a_form_from_another_site_is_refused(client: Client, site: str) -> None:
    """The browser itself says where a form came from."""
    fields = {"csrf_token": await token_of(client), "name": "x"}
    async with client.post("/form", data=fields, headers={"Sec-Fetch-Site": site}) as response:
        assert response.status == 403


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:8080.evil"])
async def test_a9_without_fetch_metadata_the_origin_counts(client: Client, origin: str) -> None:
    """Browsers on plain http name at least the origin."""
    fields = {"csrf_token": await token_of(client), "name": "x"}
    async with client.post("/form", data=fields, headers={"Origin": origin}) as response:
        assert response.status == 403
    async with client.post(
        "/form", data=fields, headers={"Origin": "http://127.0.0.1:8080"}
    ) as response:
        assert response.status == 200


async def test_a9_json_as_plain_text_is_refused(client: Client) -> None:
    """The one way to send JSON across sites without a preflight leads nowhere."""
    await token_of(client)
    headers = {"Content-Type": "text/plain"}
    for url in ("/form", "/till/stamps"):
        cookies = {"passgate_session": "stamps:write"}
        async with client.post(
            url, data=b'{"stamps":1}', headers=headers, cookies=cookies
        ) as response:
            assert response.status == 403


async def test_a_script_on_our_page_sends_the_token_as_a_header(client: Client) -> None:
    """A cookie's door takes JSON only together with the token."""
    cookies = {"passgate_staff": "stamps:write"}
    async with client.get("/till", cookies=cookies) as response:
        found = TOKEN.search(await response.text())
    assert found is not None
    headers = {"X-CSRF-Token": found[1]}
    async with client.post(
        "/till/stamps", json={"stamps": 1}, cookies=cookies, headers=headers
    ) as response:
        assert response.status == 200
    async with client.post("/till/stamps", json={"stamps": 1}, cookies=cookies) as response:
        assert response.status == 403


async def test_a_page_may_read_its_fields_itself(client: Client) -> None:
    """The token has been taken out."""
    fields = {"csrf_token": await token_of(client), "name": "x", "more": "y"}
    async with client.post("/inline", data=fields) as response:
        assert await response.text() == "more,name"


@pytest.mark.parametrize("body", ["name=a&name=b", "name=%00", "name=%ff", "&".join("abcd" * 50)])
async def test_a_doubtful_form_is_refused(client: Client, body: str) -> None:
    """Repeated fields, NUL, bad UTF-8 and too many fields."""
    token = await token_of(client)
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    async with client.post(
        "/form", data=f"csrf_token={token}&{body}", headers=headers
    ) as response:
        assert response.status in {400, 403}


async def test_cookies_are_host_bound_under_https(open_doors: Open) -> None:
    """No script reads them, no other site's form brings them, no subdomain sets them."""
    client = await open_doors(public_url="https://gate.example")
    async with client.get("/form") as response:
        [cookie] = response.headers.getall("Set-Cookie")

    assert cookie.startswith("__Host-passgate_visit=")
    assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookie.split("; "))
    assert "Domain" not in cookie


async def test_static_files_are_cached_for_ever_under_their_digest(client: Client) -> None:
    """A current address never changes its content; another version's is answered, not kept."""
    loaded = assets.load()
    async with client.get(loaded.url("passgate.css")) as response:
        assert response.content_type == "text/css"
        assert "immutable" in response.headers["Cache-Control"]
    async with client.get("/static/0123456789abcdef/passgate.css") as response:
        assert (response.status, response.headers["Cache-Control"]) == (200, "no-cache")


@pytest.mark.parametrize("path", ["../keys.py", "..%2fkeys.py", "%2e%2e/keys.py", "/etc/passwd"])
async def test_nothing_but_static_files_is_served(client: Client, path: str) -> None:
    """There is no path to walk: files are looked up in a table."""
    async with client.get(f"/static/x/{path}") as response:
        assert response.status == 404

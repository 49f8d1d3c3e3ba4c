"""What the doctor asks over the network: Redis and Apple's push service."""

import asyncio
import ssl
from urllib.parse import urlsplit

from redis.asyncio import Redis
from redis.exceptions import RedisError

from gateway.doctor.findings import Finding, Level, kind_of
from gateway.settings import Settings

REACH_SECONDS_MAX = 5.0
NEEDED_POLICY = "noeviction"
HTTPS_PORT = 443


async def examine_redis(settings: Settings) -> list[Finding]:
    """Ask Redis for a sign of life, and whether it may forget what it was told."""
    try:
        async with (
            asyncio.timeout(REACH_SECONDS_MAX),
            Redis.from_url(settings.redis_url, decode_responses=True) as redis,
        ):
            await redis.ping()
            policy = await _policy(redis)
    except (RedisError, OSError, TimeoutError) as error:
        sentence = f"does not answer ({kind_of(error)}): stamps go on, workers look by themselves"
        return [Finding(Level.SOON, "redis", sentence)]
    if policy not in {NEEDED_POLICY, None}:
        sentence = f"maxmemory-policy is {policy}; it must be {NEEDED_POLICY}, or bells are lost"
        return [Finding(Level.ILL, "redis", sentence)]
    return [Finding(Level.WELL, "redis", "answers" + (f", policy {policy}" if policy else ""))]


async def _policy(redis: Redis) -> str | None:
    """Return the eviction policy, or None where the server does not tell."""
    try:
        told = await redis.config_get("maxmemory-policy")
    except RedisError:
        return None
    return str(told["maxmemory-policy"]) if told else None


async def examine_apns(settings: Settings) -> list[Finding]:
    """Shake hands with APNs, as far as one can without a push."""
    place = urlsplit(settings.apns_url)
    context = ssl.create_default_context(cafile=settings.apns_ca)
    context.set_alpn_protocols(["h2"])
    try:
        async with asyncio.timeout(REACH_SECONDS_MAX):
            _, writer = await asyncio.open_connection(
                place.hostname, place.port or HTTPS_PORT, ssl=context
            )
    except (OSError, TimeoutError) as error:
        sentence = f"{place.hostname} cannot be reached: {kind_of(error)}"
        return [Finding(Level.ILL, "apns", sentence)]
    protocol = writer.get_extra_info("ssl_object").selected_alpn_protocol()
    writer.close()
    if protocol != "h2":
        sentence = f"{place.hostname} does not speak HTTP/2: is something in between?"
        return [Finding(Level.ILL, "apns", sentence)]
    return [Finding(Level.WELL, "apns", f"{place.hostname} shakes hands over HTTP/2")]

"""The JetStream stream that keeps what we publish."""

from dataclasses import replace

from nats.js.api import DiscardPolicy, RetentionPolicy, StorageType, StreamConfig
from nats.js.errors import NotFoundError
from nats.js.manager import JetStreamManager

STREAM = "PASSGATE"
AGE_SECONDS_MAX = 7 * 24 * 60 * 60
STREAM_BYTES_MAX = 1024 * 1024 * 1024
# A body and its headers, since the server counts both.
MESSAGE_BYTES_MAX = 64 * 1024
# A repetition within this time is recognised; a delivery's pauses are a quarter of it.
DUPLICATES_SECONDS = 60 * 60


async def capture(manager: JetStreamManager, wildcard: str) -> None:
    """Have the stream keep subjects such as `acme.loyalty.>`; raises nats.errors.Error.

    The stream is made when it is missing; limits that the operator has set since are kept. It
    cannot simply keep `*.loyalty.>`: a server takes no stream that could also catch its own
    `$JS.` subjects, so that each merchant is added with its first event. Of two workers that
    add at once one may lose; its message then finds no stream, and the next try adds again.
    """
    try:
        config = (await manager.stream_info(STREAM)).config
    except NotFoundError:
        await manager.add_stream(_new_stream(wildcard))
        return
    subjects = config.subjects or []
    if wildcard not in subjects:
        await manager.update_stream(replace(config, subjects=[*subjects, wildcard]))


def _new_stream(wildcard: str) -> StreamConfig:
    return StreamConfig(
        name=STREAM,
        description="Facts of passgate as CloudEvents",
        subjects=[wildcard],
        retention=RetentionPolicy.LIMITS,
        discard=DiscardPolicy.OLD,
        storage=StorageType.FILE,
        max_age=AGE_SECONDS_MAX,
        max_bytes=STREAM_BYTES_MAX,
        max_msg_size=MESSAGE_BYTES_MAX,
        duplicate_window=DUPLICATES_SECONDS,
    )

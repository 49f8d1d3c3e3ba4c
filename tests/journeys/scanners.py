"""A scanner on a cable for Chromium: a keyboard that types at a pace no busy machine changes."""

import time

from playwright.async_api import CDPSession, Page

KEY_SECONDS = 0.005


async def scan_as_keyboard(till: Page, code: str) -> None:
    """Type a code as a scanner on a cable does: fast, wherever the focus is, then Enter.

    The keys say themselves when they were pressed: on a busy machine they arrive slower than any
    scanner types, and the till would take them for a person's.
    https://chromedevtools.github.io/devtools-protocol/tot/Input/#method-dispatchKeyEvent
    """
    keyboard = await till.context.new_cdp_session(till)
    began = time.time()
    for number, key in enumerate(code):
        await _press(keyboard, {"key": key, "text": key}, began + number * KEY_SECONDS)
    enter = {"key": "Enter", "code": "Enter", "text": "\r", "windowsVirtualKeyCode": 13}
    await _press(keyboard, enter, began + len(code) * KEY_SECONDS)
    await keyboard.detach()


async def _press(keyboard: CDPSession, key: dict[str, object], at: float) -> None:
    for kind in ("keyDown", "keyUp"):
        event = {**key, "type": kind, "timestamp": at}
        await keyboard.send("Input.dispatchKeyEvent", event)

"""PINs and passwords are kept as dear to guess as OWASP asks."""

import subprocess
import sys

HASH = """
import asyncio
from gateway.services.people.secrets import SecretHasher
print(asyncio.run(SecretHasher(b"pepper").hash("7351")))
"""


def test_a_hash_costs_what_owasp_asks_for() -> None:
    """Asked of a program of its own, because tests hash cheaply (tests/thrift.py)."""
    done = subprocess.run([sys.executable, "-c", HASH], capture_output=True, check=True, text=True)
    assert done.stdout.startswith("$argon2id$v=19$m=19456,t=2,p=1$")

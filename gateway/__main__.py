"""Makes `python -m gateway` the same as `passgate`."""

from gateway.cli import main

main()

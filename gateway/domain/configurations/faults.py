"""A fault of a configuration: where it is, as a JSON Pointer (RFC 6901), and a sentence."""

from collections.abc import Sequence
from dataclasses import dataclass

from gateway.domain.errors import Invalid


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that must be put right; `pointer` is "" for the configuration as a whole."""

    pointer: str
    sentence: str


class ConfigurationInvalid(Invalid):
    """Please check the configuration."""

    code = "configuration_invalid"

    def __init__(self, faults: Sequence[Fault]) -> None:
        """Keep the faults, which answers list with pointer and detail."""
        super().__init__(
            errors=[{"pointer": fault.pointer, "detail": fault.sentence} for fault in faults]
        )
        self.faults = tuple(faults)

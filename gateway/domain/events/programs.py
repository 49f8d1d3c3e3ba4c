"""What happens to programs, and what is tried on them."""

from dataclasses import dataclass
from uuid import UUID

from gateway.domain.events.base import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgramPublished(Event):
    """A program has a new version or status, which its cards show from now on."""

    type = "loyalty.program.published"
    program_id: UUID
    program_version_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgramChanged(Event):
    """Something happened to a program as a whole.

    `status` is where it stands now and `previous_status` where it stood before. `by` is who did
    it: "system" when its time had come.
    """

    program_id: UUID
    name: str
    rule_types: tuple[str, ...]
    status: str
    previous_status: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgramCreated(ProgramChanged):
    """A program was written down."""

    type = "loyalty.program.created"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgramUpdated(ProgramChanged):
    """A program promises something else from now on, or begins or ends at another time."""

    type = "loyalty.program.updated"
    program_version_id: UUID
    starts_at: str | None
    ends_at: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgramScheduled(ProgramChanged):
    """A program will begin at `starts_at`."""

    type = "loyalty.program.scheduled"
    starts_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgramActivated(ProgramChanged):
    """A program began: customers can enrol and earn."""

    type = "loyalty.program.activated"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgramPaused(ProgramChanged):
    """Nothing can be earned in a program until it goes on; what is on the cards stays."""

    type = "loyalty.program.paused"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgramResumed(ProgramChanged):
    """A program that was paused goes on."""

    type = "loyalty.program.resumed"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgramEnded(ProgramChanged):
    """A program ended; what is on its cards is handed out until `redeemable_until`."""

    type = "loyalty.program.ended"
    redeemable_until: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgramDeleted(ProgramChanged):
    """A program was taken out of sight; what its cards hold is handed out as before."""

    type = "loyalty.program.deleted"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgramRestored(ProgramChanged):
    """A program that was deleted is back where it stood; its cards never were anywhere else."""

    type = "loyalty.program.restored"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExperimentChanged(Event):
    """Something happened to a comparison of a program's versions."""

    experiment_id: UUID
    program_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class ExperimentCreated(ExperimentChanged):
    """A comparison of a program's versions was written down, and has not begun."""

    type = "loyalty.experiment.created"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExperimentStarted(ExperimentChanged):
    """Versions of a program are compared from now on, each on a share of its cards."""

    type = "loyalty.experiment.started"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExperimentStopped(ExperimentChanged):
    """A comparison of a program's versions is over."""

    type = "loyalty.experiment.stopped"

"""Programs in the words of the merchant's pages."""

from collections.abc import Mapping

from gateway.domain.programs import ProgramCommand, ProgramStatus

STATUS_LABELS: Mapping[ProgramStatus, str] = {
    ProgramStatus.DRAFT: "Not visible to customers",
    ProgramStatus.SCHEDULED: "Starts by itself, not visible to customers yet",
    ProgramStatus.ACTIVE: "Customers can enroll and earn rewards",
    ProgramStatus.PAUSED: "New earning disabled, existing progress retained",
    ProgramStatus.ENDED: "Archived, customers notified",
}

RULE_LABELS: Mapping[str, str] = {
    "stamp_card": "Stamp card",
    "punch_card": "Punch card",
    "points_based": "Points",
    "amount_spent": "Reward for spending",
    "visit_frequency": "Reward for visits",
    "tier_based": "Tiers",
}

COMMAND_LABELS: Mapping[ProgramCommand, str] = {
    ProgramCommand.ACTIVATE: "Start",
    ProgramCommand.PAUSE: "Pause",
    ProgramCommand.RESUME: "Go on",
    ProgramCommand.END: "End for good",
    ProgramCommand.DELETE: "Delete",
    ProgramCommand.RESTORE: "Bring back",
}

COMMANDS: Mapping[ProgramStatus, tuple[ProgramCommand, ...]] = {
    ProgramStatus.DRAFT: (ProgramCommand.ACTIVATE, ProgramCommand.DELETE),
    ProgramStatus.SCHEDULED: (ProgramCommand.END, ProgramCommand.DELETE),
    ProgramStatus.ACTIVE: (ProgramCommand.PAUSE, ProgramCommand.END),
    ProgramStatus.PAUSED: (ProgramCommand.RESUME, ProgramCommand.END),
    ProgramStatus.ENDED: (ProgramCommand.DELETE,),
}
"""What a merchant is offered, most usual first."""

ASKED_TWICE: Mapping[ProgramCommand, str] = {
    ProgramCommand.END: (
        "Nobody can join or earn any more, for good. What customers have can be redeemed for "
        "{grace_days} more days."
    ),
    ProgramCommand.DELETE: (
        "The program goes off your pages. Cards that customers have stay redeemable as they were. "
        "For {grace_days} days you can bring it back."
    ),
}
"""What is asked before a command that cannot be taken back."""

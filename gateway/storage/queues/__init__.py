"""What must still follow, and what can be forgotten."""

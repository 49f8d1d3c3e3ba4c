"""Pages for staff: the till."""

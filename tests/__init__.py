"""The tests: one folder per package, and the journeys through all of them."""

"""The schema, from the first commit."""

"""The doctor: says what is configured, what expires and what cannot be reached."""

"""The API: the same verbs as the pages, as JSON for other programs."""

"""Pages for merchants: programs, members, tills and posters."""

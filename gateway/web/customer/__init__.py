"""Pages for customers: enrolling, and the card on the web."""

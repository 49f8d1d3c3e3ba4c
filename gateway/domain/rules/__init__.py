"""Rules: what a program version promises, and what a visit or a sale comes to under it."""

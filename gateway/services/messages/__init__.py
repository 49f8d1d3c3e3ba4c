"""Writing to customers: whom it reaches, by which links they answer, and what became of it."""

"""What the API is, told to programs and to people from the same routes."""

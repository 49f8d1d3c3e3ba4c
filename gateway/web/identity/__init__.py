"""Who is at the door, and how they prove it."""

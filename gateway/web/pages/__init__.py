"""Pages for people: how they are drawn, and what they are drawn with."""

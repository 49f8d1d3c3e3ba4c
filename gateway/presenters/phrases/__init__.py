"""What we say to customers around a merchant's words, in every language."""

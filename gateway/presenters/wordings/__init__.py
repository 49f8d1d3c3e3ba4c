"""What our messages say until a merchant finds better words, in every language."""

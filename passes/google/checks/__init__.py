"""What can be wrong with a card, found before Google is called."""

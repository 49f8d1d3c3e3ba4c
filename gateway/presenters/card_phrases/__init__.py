"""What a card says of itself, in a wallet and on our pages, in every language."""

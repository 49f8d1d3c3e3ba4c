"""A stand-in for Google Wallet's API, held to Google's own description of it."""

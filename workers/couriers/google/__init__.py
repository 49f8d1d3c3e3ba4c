"""The courier to Google Wallet: classes, objects and messages as the database has them."""

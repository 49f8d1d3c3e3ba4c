"""How the database is reached, prepared and listened to."""

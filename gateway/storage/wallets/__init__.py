"""What phones hold, and which phones."""

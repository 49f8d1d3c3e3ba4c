"""What can be wrong with a pass, found before it is signed."""

"""Templates: programs to begin with, one file per industry."""

"""The rules: frozen values and functions that know the standard library only."""

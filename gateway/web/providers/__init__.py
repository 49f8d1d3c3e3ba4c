"""Callbacks of SMS providers: checked for their signature and turned into our values."""

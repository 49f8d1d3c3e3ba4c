"""An honest stand-in for Apple's push service."""

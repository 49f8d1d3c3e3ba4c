"""Parsing at the door: bytes in, typed values out, or a refusal that points at the fault."""

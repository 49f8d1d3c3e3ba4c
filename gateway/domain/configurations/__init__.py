"""Configurations: typed values from outside, every fault pointed at, and their JSON Schema."""

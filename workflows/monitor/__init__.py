"""Watching: sweeps over what changed or over everybody, and what they find."""

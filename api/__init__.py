"""Every HTTP way in."""

"""The Temporal shells around the interpreter."""

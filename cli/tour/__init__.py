"""The guided tour of `make demo`: what it runs on, how it shows things, and its steps."""

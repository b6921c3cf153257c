"""What Writ is compared with: the same booking, written by hand."""

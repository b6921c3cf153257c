"""The command line: `writ`."""

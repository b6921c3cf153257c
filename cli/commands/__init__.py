"""One file per command of `writ`. Whatever is slow to import is imported when a command runs."""

"""What `writ doctor` looks at, one file per part. Each examination says everything it found and raises nothing."""

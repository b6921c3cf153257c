"""Everything that touches the world on behalf of a run. Each activity translates its vendor's errors in one table."""

"""The interpreter of plans. Pure: it is given everything, asks for effects, and touches nothing."""

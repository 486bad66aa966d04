"""JUDGE: compare, version match, class of what happened; pure functions over values, no I/O."""

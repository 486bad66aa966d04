"""FIND: from traces on this PC to the real root of a product."""

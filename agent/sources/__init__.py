"""WHERE FROM: places that can give bytes for a hash (DESIGN section 7); one class per file."""

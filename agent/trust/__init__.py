"""KNOW: who vouches for a manifest."""

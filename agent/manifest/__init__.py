"""KNOW: what one version of a product must look like; reading, making and keeping such lists."""

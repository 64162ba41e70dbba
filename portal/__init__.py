"""The NEAR youth portal."""

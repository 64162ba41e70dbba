"""Measurements: how pages and exports behave at 20,000 applications. docs/speed.md says how to run them."""

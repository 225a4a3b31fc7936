"""Releases: the built-in sample, reading one from a folder, and the contract it must meet."""

"""Snapshots: a release laid out as immutable, content-addressed objects with a Data Package."""

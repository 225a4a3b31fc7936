"""The API without a server: static JSON and CSV, written from a store's snapshots. docs/api.md describes it."""

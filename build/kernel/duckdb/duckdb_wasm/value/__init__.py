"""Python values as SQL: parameters and constants."""

"""Is anybody there? The counts that GitHub gives, by the month, and what they call for; no visitor is followed."""

"""Links that carry a notebook and pin its data, and what the site keeps for those that name something of it."""

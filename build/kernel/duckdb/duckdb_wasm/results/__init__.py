"""Results: Arrow from the engine as Python values, frames and tables to look at."""

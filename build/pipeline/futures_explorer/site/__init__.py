"""The site: runtime, notebooks and data put together into one static folder."""

"""Files of the visitor's drive, for statements that read or write them."""

"""A line from the intern to the secretariat that nobody else reads or knows of."""

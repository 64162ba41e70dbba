"""Essays that come as a file: its text is read, shown, and counts once the author has confirmed it."""

"""Letters, agreements and certificates on paper: set by typst, with numbers that can be checked."""

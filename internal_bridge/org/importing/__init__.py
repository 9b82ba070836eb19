"""Lists of units, posts and people as CSV: judged line by line, then written in bulk."""

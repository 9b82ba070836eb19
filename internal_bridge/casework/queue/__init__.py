"""The queue: which views each role has, what may be filtered, what is done to many cases at once, and what leaves as a file."""

"""Pages of the directory, for every official, and of its administration, for the system administrator alone."""

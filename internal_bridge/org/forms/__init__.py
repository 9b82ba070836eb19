"""Forms of the system administrator."""

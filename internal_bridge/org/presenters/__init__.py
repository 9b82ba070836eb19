"""What pages show of the directory and of its administration."""

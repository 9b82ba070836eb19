"""What both sites stand on. Imports nothing else of this project."""

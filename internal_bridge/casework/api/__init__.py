"""The office's API about cases."""

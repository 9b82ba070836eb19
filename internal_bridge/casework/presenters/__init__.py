"""What pages of cases show, in the reader's words."""

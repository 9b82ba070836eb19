"""The bridge (``exchange``) and the office behind it."""

"""Letting petitioners know that there is news, by the office's own gateways."""

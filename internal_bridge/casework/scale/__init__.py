"""Cases in bulk, for tests of size: rows as the services would have left them, written without the bridge."""

"""内外网交换: signed, ordered, effectively-once messages between parties. ``public`` is its only door."""

"""Settings, URLs and entry points of the two sites; the only place that knows both."""

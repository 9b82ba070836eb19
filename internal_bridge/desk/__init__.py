"""政务办公门户: the office's shell, home page and login."""

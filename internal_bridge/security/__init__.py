"""登录安全: the security administrator's pages about sessions, lockouts and API tokens."""

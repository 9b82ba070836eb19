"""The API of logins."""

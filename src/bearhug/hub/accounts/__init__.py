"""People: accounts, passwords, sign-in, sessions, invites."""

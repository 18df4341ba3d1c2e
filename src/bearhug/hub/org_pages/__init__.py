"""Pages of organizations for those who are in them: making one, its settings, members, invitations."""

"""The page of a user or an organization: who they are and what they have."""

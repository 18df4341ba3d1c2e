"""What a repository says of itself: information by id and revision."""

"""Pages for administrators, below /administration."""

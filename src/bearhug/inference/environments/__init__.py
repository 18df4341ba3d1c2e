"""Environments of their own for engines whose libraries suit nobody else here: made, kept and removed by Bearhug."""

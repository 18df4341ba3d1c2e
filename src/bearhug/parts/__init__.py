"""What the hub is made of, in groups; `app.py` puts the groups together."""

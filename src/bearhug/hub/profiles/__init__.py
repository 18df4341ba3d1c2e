"""What the hub tells about users and organisations."""

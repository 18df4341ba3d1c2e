"""Requests to models behind other servers: passed on, and their answers passed back."""

"""Asking models over HTTP, and the widget on their pages."""

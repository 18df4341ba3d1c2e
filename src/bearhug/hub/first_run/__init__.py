"""The first page of an empty hub: whoever started it makes the administrator and decides who may come."""

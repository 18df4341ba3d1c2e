"""Runs the models that the hub keeps: tasks, worker processes, checked-out models, endpoints and widgets."""

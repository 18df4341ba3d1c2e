"""What models can be asked: one file a task, found by name in `table.py` and imported on first use."""

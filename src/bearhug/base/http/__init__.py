"""The HTTP edge: endpoint rows, the router they make, calls, answers and error mapping."""

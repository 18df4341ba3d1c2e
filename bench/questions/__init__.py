"""One file a question; each has `ask(folder, sizes)` that answers with figures."""

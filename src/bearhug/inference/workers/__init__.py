"""Worker processes: each holds one loaded model and answers calls over a socket pair."""

"""Who asks models how much: limits for each account, and a log a day."""

"""Engines that turn token ids into token ids, many requests at once; what they need and what they can do."""

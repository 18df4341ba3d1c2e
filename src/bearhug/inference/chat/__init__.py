"""Talking to language models on pages: conversations, texts that go on, two models side by side."""

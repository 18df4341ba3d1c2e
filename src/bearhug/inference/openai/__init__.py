"""The gateway: language models of the hub behind the OpenAI API and the additions of vLLM."""

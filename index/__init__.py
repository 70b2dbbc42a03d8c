"""Files in, ranked passages out. Knows no prompts, answers or language models."""

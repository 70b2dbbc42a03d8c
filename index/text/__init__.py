"""Pure functions of text: terms, sentences, chunks, lines."""

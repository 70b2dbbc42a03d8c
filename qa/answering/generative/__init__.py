"""Generated answers: a language model writes, and names the sentences it relies on."""

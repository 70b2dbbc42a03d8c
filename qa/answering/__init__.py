"""From a question and the passages for it to an answer."""

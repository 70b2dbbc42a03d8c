"""An answer as people and programs read it: on a terminal, streamed, as Markdown, as JSON."""

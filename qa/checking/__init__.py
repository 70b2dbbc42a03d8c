"""Whether the cited text bears a claim out."""

"""What texts say by their words: languages, scales, units, roles, support, verdicts; word lists."""

"""What texts say by their words: languages, scales, roles, support, verdicts; English word lists."""

"""Commands that answer, or check answers: `qa ask`, `qa chat`, `qa verify`."""

"""Runs of question sets: attempts, batches, throttling, replay, judging, cost estimates."""

"""Question sets asked and answers judged: attempts, batches, throttle, replay, cost estimate."""

"""Thread pools, generators in threads, child processes, deadlines, ^C."""

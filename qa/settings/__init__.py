"""Settings from options, environment, files and defaults."""

"""What figures over questions can be relied on for."""

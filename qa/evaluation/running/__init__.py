"""What happens while a question set is asked."""

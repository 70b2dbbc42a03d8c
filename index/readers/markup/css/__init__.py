"""What of the CSS of a page decides whether its text is seen: rules, their cascade, colours."""

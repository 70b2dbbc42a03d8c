"""Where sentences end: stops that end one, and stops of abbreviations, ordinals and names that do not."""

"""What the reader of PowerPoint files is made of: shapes in their places, comments."""

"""What stands on one page of a PDF: characters, drawn objects, words, form fields."""

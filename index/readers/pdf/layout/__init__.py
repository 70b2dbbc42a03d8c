"""The lines of a PDF page in reading order, as paragraphs, headings and tables."""

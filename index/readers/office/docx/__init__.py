"""What the reader of Word files is made of: text of paragraphs, styles, numbering, tables."""

"""What the reader of OpenDocument files is made of: styles, lists, paragraphs, tables, formulas."""

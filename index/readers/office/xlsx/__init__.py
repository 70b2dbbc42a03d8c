"""What the reader of Excel files is made of: the workbook, its tables, its notes."""

"""PDF to text: words to lines, lines to blocks, pages to one text."""

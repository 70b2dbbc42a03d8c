"""What of the text of a PDF page can be seen: how it is drawn, on which layers, under and in what."""

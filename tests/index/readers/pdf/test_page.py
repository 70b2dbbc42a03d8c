"""PDF: what follows from the words of a line."""

from __future__ import annotations

from index.readers.pdf.page import PdfLine, Word


def test_what_follows_from_the_words_is_worked_out_once() -> None:
    """Its text, its ends, the white in it and the height of its letters."""
    line = PdfLine((Word("Net", 72.0, 90.0), Word("sales", 95.0, 120.0)), 700.0, 712.0, False, True)
    assert (line.text, line.left, line.right) == ("Net sales-", 72.0, 120.0)
    assert (line.widest_gap, line.size) == (5.0, 12.0)
    assert line.text is line.text


def test_a_changed_line_has_a_text_of_its_own() -> None:
    """What was worked out of a line is not taken over to what is made of it."""
    line = PdfLine((Word("Net", 72.0, 90.0),), 700.0, 712.0, False, False)
    assert (line.text, line._replace(words=(Word("Gross", 72.0, 99.0),)).text) == ("Net", "Gross")

"""Text processing: search terms, stems, sentences, chunks, line numbers, word lists."""

"""Text recognition (OCR) of scanned pages and images, by the program Tesseract."""

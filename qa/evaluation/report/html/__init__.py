"""`qa report`: runs as one HTML file."""

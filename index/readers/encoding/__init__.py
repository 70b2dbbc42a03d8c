"""Text encodings: the bytes of a text file to its text, whatever codec it was written in."""

from index.readers.encoding.decoding import Decoded, decode

__all__ = ["Decoded", "decode"]

"""Shared by the office readers: equations, symbols, numerals, number formats, tables, shapes, charts."""

"""Formulas of OpenDocument files, which are MathML, as one readable line of text."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from index.readers.markup.mathml import math_text
from index.readers.office.package import local

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element


def formula_text(root: Element) -> str:
    """The text of a formula."""
    from selectolax.lexbor import LexborHTMLParser

    for element in root.iter():
        element.tag = local(element)  # HTML knows no prefixes
    markup = ET.tostring(root, encoding="unicode", short_empty_elements=False)
    node = LexborHTMLParser(markup).css_first("math")
    return " ".join(math_text(node).split()) if node is not None else ""

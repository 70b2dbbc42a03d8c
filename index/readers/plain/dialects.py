"""What is particular to AsciiDoc, Org, Textile, MediaWiki and LaTeX, as patterns of lines.

Titles, comments, lines that only say how something looks, text between marks that is code or not shown.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_NEVER = re.compile(r"(?!)")
_BRACED = r"[^{}]*(?:\{[^{}]*\}[^{}]*)*"


@dataclass(frozen=True, slots=True)
class Dialect:
    """How one markup marks what: `heading` has the groups `marks` and `words`, `field` has `key` and `words`.

    `silent` are lines that show nothing, `fence` opens what goes on to a line that `closing` gives; such text
    is code, or `hidden` where that pattern finds the opening line. `item` stands before the words of a list
    item, `row` has the group `cells`.
    """

    heading: re.Pattern[str]
    silent: re.Pattern[str] = _NEVER
    fence: re.Pattern[str] = _NEVER
    hidden: re.Pattern[str] = _NEVER
    field: re.Pattern[str] = _NEVER
    item: re.Pattern[str] = _NEVER
    row: re.Pattern[str] = _NEVER
    levels: tuple[str, ...] = ()

    def level(self, marks: str) -> int:
        """The level of a heading: the place of its marks in `levels`, or how many signs they are."""
        if marks in self.levels:
            return self.levels.index(marks) + 1
        return int(marks[-1]) if marks[-1].isdigit() else len(marks)


def _pattern(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


ASCIIDOC = Dialect(
    heading=_pattern(r"(?P<marks>={1,6})[ \t]+(?P<words>\S.*?)(?:[ \t]+=+)?"),
    silent=_pattern(
        r"//(?!//).*|\[[^\[\]]*\]|\[\[.*\]\]|'''|<<<|\+|(?:include|image|video|audio|toc|ifdef|ifndef|endif)::.*|"
        r"\|===|,===|:[\w!-]+:"
    ),
    fence=_pattern(r"(?P<mark>-{4,}|\.{4,}|/{4,}|\+{4,}|`{3,})\w*"),
    hidden=_pattern(r"/{4,}"),
    field=_pattern(r":(?P<key>[\w-]+):[ \t]+(?P<words>\S.*)"),
    item=_pattern(r"(?:\*{1,5}|-|\.{1,5})[ \t]+|\.(?=[^\s.])"),
    row=_pattern(r"\|(?!=)(?P<cells>.*)"),
)
ORG = Dialect(
    heading=_pattern(r"(?P<marks>\*{1,6})[ \t]+(?P<words>\S.*?)(?:[ \t]+:[\w:@]+:)?"),
    silent=_pattern(
        r"#(?:[ \t].*)?|#\+(?!begin|title|author|date|subtitle|caption|description)\w+.*"
        r"|:[\w-]+:(?:[ \t].*)?|(?:scheduled|deadline|closed):.*|-{5,}"
    ),
    fence=_pattern(r"#\+begin_(?P<mark>src|example|export|comment)\b.*"),
    hidden=_pattern(r"#\+begin_(?:export|comment)\b.*"),
    field=_pattern(r"#\+(?P<key>title|author|date|subtitle|caption|description):[ \t]*(?P<words>\S.*)"),
    item=_pattern(r"[-+][ \t]+(?:\[[ xX-]\][ \t]+)?"),
)
TEXTILE = Dialect(
    heading=_pattern(r"(?P<marks>h[1-6])(?:[(\[{<>=][^.]*)?\.[ \t]+(?P<words>\S.*)"),
    silent=_pattern(r"###\..*|!\S+!|(?:bc|pre|table|fn\d+)[^.\s]*\."),
    fence=_pattern(r"<(?P<mark>pre|notextile)>"),
    item=_pattern(r"(?:[*#]+|p[^.\s]*\.|bq[^.\s]*\.|fn\d+\.|-)[ \t]+"),
    row=_pattern(r"\|(?P<cells>.*)\|"),
)
WIKI = Dialect(
    heading=_pattern(r"(?P<marks>={1,6})[ \t]*(?P<words>[^=\s](?:.*?[^=\s])?)[ \t]*=+"),
    silent=_pattern(
        r"\{\|.*|\|\}|\|-.*|----+|\{\{[^{}]*\}\}|__\w+__|\[\[(?:category|file|image):[^\]]*\]\]|<!--.*-->|</?\w+[^<>]*>"
    ),
    fence=_pattern(r"<(?P<mark>pre|source|syntaxhighlight|nowiki)\b[^<>]*>|(?P<comment><!--)(?!.*-->).*"),
    hidden=_pattern(r"<!--.*"),
    item=_pattern(r"[*#:;]+[ \t]*|\|\+[ \t]*"),
    row=_pattern(r"[|!](?![|}+-])(?P<cells>.*)"),
)
LATEX = Dialect(
    heading=_pattern(
        r"\\(?P<marks>part|chapter|section|subsection|subsubsection|paragraph)\*?(?:\[[^\]]*\])?"
        rf"\{{(?P<words>{_BRACED})\}}(?:[ \t]*\\label\{{[^{{}}]*\}})?[ \t]*(?:%.*)?"
    ),
    silent=_pattern(
        r"%.*|\\(?:begin|end)\{[^{}]*\}(?:\[[^\]]*\]|\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\}|\\maketitle)*"
        r"[ \t]*(?:%.*)?"
        r"|\\(?:documentclass|usepackage|label|maketitle|tableofcontents|newpage|clearpage|centering"
        r"|bibliography\w*|includegraphics|input|include|newcommand|renewcommand|set\w+|def|vspace|hspace|noindent"
        r"|hline|toprule|midrule|bottomrule|cline|cmidrule|pagestyle|thispagestyle|appendix|usetikzlibrary|hypersetup)"
        r"\b(?:[*\[{(].*|[ \t]*%.*|)"
    ),
    fence=_pattern(r"\\begin\{(?P<mark>verbatim|lstlisting|minted|comment|tikzpicture|filecontents)\*?\}.*"),
    hidden=_pattern(r"\\begin\{(?:comment|tikzpicture|filecontents)\*?\}.*"),
    field=_pattern(
        rf"\\(?P<key>title|author|date|caption)(?:\[[^\]]*\])?\{{(?P<words>{_BRACED})\}}[ \t]*(?:%.*)?"
    ),
    item=_pattern(r"\\item(?:\[[^\]]*\])?[ \t]*"),
    row=_pattern(r"(?P<cells>.*[^\\]&.*?)[ \t]*\\\\(?:\[[^\]]*\])?[ \t]*(?:\\\w+.*)?"),
    levels=("part", "chapter", "section", "subsection", "subsubsection", "paragraph"),
)
DIALECTS = {
    **dict.fromkeys((".adoc", ".asciidoc"), ASCIIDOC),
    ".org": ORG,
    ".textile": TEXTILE,
    **dict.fromkeys((".wiki", ".mediawiki", ".mw"), WIKI),
    **dict.fromkeys((".tex", ".ltx", ".latex"), LATEX),
}

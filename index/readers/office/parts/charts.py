"""Charts and diagrams (SmartArt) of office files: a chart as a table of its values, a diagram as items.

What a chart shows is read from the values it keeps of its sheet. The newer kinds of charts (funnels, maps,
waterfalls) have their own XML, which is read as well.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.readers.office.package import attribute, child, local, relations
from index.readers.office.parts.number_format import shown_number

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from xml.etree.ElementTree import Element

    from index.readers.builder import TextBuilder
    from index.readers.limits.archive import Archive

_MOST_POINTS = 100_000  # of one series


@dataclass(frozen=True, slots=True)
class _Series:
    name: str
    categories: tuple[str, ...]
    values: tuple[str, ...]


def add_charts(builder: TextBuilder, archive: Archive, part: str, frame: Element) -> None:
    """Append the charts and diagrams that the element `frame` of `part` links to."""
    links = relations(archive, part)
    for element in frame.iter():
        name = local(element)
        if name not in {"chart", "relIds"}:
            continue
        link = links.get(attribute(element, "dm" if name == "relIds" else "id") or "")
        root = archive.xml(link.part) if link else None
        if root is None:
            continue
        if name == "chart":
            add_chart(builder, root)
        else:
            for text in diagram_texts(root):
                builder.add("item", text, before="• ")


def add_chart(builder: TextBuilder, root: Element) -> None:
    """Append a chart: its title, and a row for each category with the value of every series."""
    chart = child(root, "chart")
    if chart is None:
        return
    title = _rich(child(chart, "title"))
    builder.add("paragraph", title)
    series = _newer_series(root) if child(root, "chartData") is not None else _series(chart)
    axes = [
        _rich(child(axis, "title")) for axis in chart.iter() if local(axis) in {"catAx", "dateAx", "valAx"}
    ]
    for axis in axes:
        builder.add("paragraph", axis)
    for group in _by_categories(series):
        rows = [["", *(one.name for one in group)]]
        length = max(max(len(one.categories), len(one.values)) for one in group)
        rows += [
            [_at(group[0].categories, at), *(_at(one.values, at) for one in group)] for at in range(length)
        ]
        builder.add_table(rows, headings=1, caption=title)


def _by_categories(series: list[_Series]) -> Iterator[list[_Series]]:
    """The series that share their categories, together: each group makes one table."""
    groups: dict[tuple[str, ...], list[_Series]] = {}
    for one in series:
        groups.setdefault(one.categories, []).append(one)
    yield from groups.values()


def _at(texts: Sequence[str], at: int) -> str:
    return texts[at] if at < len(texts) else ""


def _rich(element: Element | None) -> str:
    """The text of a title or label: its own, else that of the cell it takes it from."""
    if element is None:
        return ""
    texts = [e.text or "" for e in element.iter() if local(e) == "t"]
    texts = texts or [e.text or "" for e in element.iter() if local(e) == "v"][:1]
    return " ".join("".join(texts).split())


def _series(chart: Element) -> list[_Series]:
    found = []
    for element in chart.iter():
        if local(element) != "ser":
            continue
        categories = child(element, "cat")
        values = child(element, "val")
        if values is None:  # a scatter chart
            categories, values = child(element, "xVal"), child(element, "yVal")
        sizes = child(element, "bubbleSize")
        name = _rich(child(element, "tx"))
        found.append(_Series(name, _points(categories), _points(values)))
        if sizes is not None:
            found.append(_Series(f"{name} (size)".strip(), _points(categories), _points(sizes)))
    return found


def _points(element: Element | None) -> tuple[str, ...]:
    """The texts or numbers of one dimension, in their places; several levels of categories in one text."""
    if element is None:
        return ()
    levels = [e for e in element.iter() if local(e) == "lvl"] or [element]
    columns = [_level(level) for level in reversed(levels)]
    length = max(map(len, columns))
    for column in columns[:-1]:  # an outer category is kept once, and goes for those that follow
        for at in range(1, len(column)):
            column[at] = column[at] or column[at - 1]
        column.extend(column[-1:] * (length - len(column)))
    return tuple(" ".join(filter(None, (_at(column, at) for column in columns))) for at in range(length))


def _level(element: Element) -> list[str]:
    code = next((e.text or "" for e in element.iter() if local(e) == "formatCode"), "")
    code = attribute(element, "formatCode") or code
    texts: dict[int, str] = {}
    for at, point in enumerate(e for e in element.iter() if local(e) == "pt"):
        number = attribute(point, "idx") or ""
        place = int(number) if number.isdecimal() else at
        value = child(point, "v")
        text = (value.text if value is not None else point.text) or ""
        if place < _MOST_POINTS:
            texts[place] = _shown(text.strip(), attribute(point, "formatCode") or code)
    return [texts.get(at, "") for at in range(max(texts, default=-1) + 1)]


def _shown(text: str, code: str) -> str:
    try:
        return shown_number(float(text), code) if code or "." in text else text
    except ValueError:
        return text


def _newer_series(root: Element) -> list[_Series]:
    """The series of a newer chart (`cx:chartSpace`), whose data stand apart."""
    data = {attribute(e, "id"): e for e in root.iter() if local(e) == "data"}
    found = []
    for element in (e for e in root.iter() if local(e) == "series"):
        own = data.get(attribute(child(element, "dataId"), "val"))
        if own is None:
            continue
        texts = next((e for e in own if local(e) == "strDim"), None)
        numbers = next((e for e in own if local(e) == "numDim"), None)
        found.append(_Series(_rich(child(element, "tx")), _points(texts), _points(numbers)))
    return found


def diagram_texts(root: Element) -> list[str]:
    """The texts of a diagram, each followed by those below it."""
    points = child(root, "ptLst")
    texts: dict[str, str] = {}
    roots = []
    for point in points if points is not None else ():
        key = attribute(point, "modelId") or ""
        kind = attribute(point, "type") or "node"
        if kind == "doc":
            roots.append(key)
        elif kind in {"node", "asst"}:
            texts[key] = _paragraphs(child(point, "t"))
    below: dict[str, list[tuple[int, str]]] = {}
    links = child(root, "cxnLst")
    for link in links if links is not None else ():
        order = attribute(link, "srcOrd") or "0"
        if (attribute(link, "type") or "parOf") == "parOf":
            place = int(order) if order.isdecimal() else 0
            below.setdefault(attribute(link, "srcId") or "", []).append(
                (place, attribute(link, "destId") or "")
            )
    ordered: list[str] = []
    waiting = list(reversed(roots))
    seen: set[str] = set()
    while waiting:
        key = waiting.pop()
        if key not in seen:
            seen.add(key)
            ordered.append(key)
            waiting += [other for _, other in sorted(below.get(key, ()), reverse=True)]
    ordered += [key for key in texts if key not in seen]
    return [texts[key] for key in ordered if texts.get(key)]


def _paragraphs(element: Element | None) -> str:
    lines = [
        "".join(e.text or "" for e in paragraph.iter() if local(e) == "t")
        for paragraph in (element.iter() if element is not None else ())
        if local(paragraph) == "p"
    ]
    return " ".join(" ".join(lines).split())

"""Charts and diagrams."""

from __future__ import annotations

import io
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from openpyxl import Workbook
from openpyxl.chart import BarChart, Reference
from pptx import Presentation
from pptx.chart import data as chart_classes
from pptx.enum.chart import XL_CHART_TYPE
from pptx.util import Inches

from index.readers.builder import TextBuilder
from index.readers.office.parts.charts import add_chart, diagram_texts
from index.readers.office.slides import read_pptx
from tests.support.readings import check_reading, texts


def chart_data(name: str, **how: str) -> Any:
    """Data of a chart, whose classes have no types."""
    return getattr(chart_classes, name)(**how)


def slide_with(kind: object, data: object) -> bytes:
    show = Presentation()
    slide = show.slides.add_slide(show.slide_layouts[6])
    size = Inches(2)
    frame = slide.shapes.add_chart(kind, size, size, size, size, data)
    frame.chart.has_title = True
    frame.chart.chart_title.text_frame.text = "Boats lifted"
    out = io.BytesIO()
    show.save(out)
    return out.getvalue()


def test_a_bar_chart_is_a_table() -> None:
    """Title, then a row for each category with the value of every series."""
    data = chart_data("CategoryChartData", number_format="0.0")
    data.categories = ["April", "May"]
    data.add_series("Crane", (212, 187.25))
    data.add_series("Ramp", (None, 3))
    reading = read_pptx(slide_with(XL_CHART_TYPE.COLUMN_CLUSTERED, data), "a.pptx")
    check_reading(reading)
    assert texts(reading) == ["Boats lifted", "| Crane | Ramp", "April | 212.0", "May | 187.3 | 3.0"]
    assert reading.tables[0].columns == ("", "Crane", "Ramp")
    assert reading.tables[0].caption == "Boats lifted"


def test_categories_of_two_levels() -> None:
    """An outer category goes for all inner ones."""
    data = chart_data("CategoryChartData")
    year = data.add_category("2024")
    year.add_sub_category("Q1")
    year.add_sub_category("Q2")
    data.add_category("2025").add_sub_category("Q1")
    data.add_series("Guests", (1, 2, 3))
    reading = read_pptx(slide_with(XL_CHART_TYPE.COLUMN_CLUSTERED, data), "a.pptx")
    assert texts(reading)[1:] == ["| Guests", "2024 Q1 | 1", "2024 Q2 | 2", "2025 Q1 | 3"]


def test_a_scatter_chart() -> None:
    """Its two values stand side by side."""
    data = chart_data("XyChartData")
    series = data.add_series("Depth")
    series.add_data_point(1.5, 20)
    series.add_data_point(2, 30)
    reading = read_pptx(slide_with(XL_CHART_TYPE.XY_SCATTER, data), "a.pptx")
    assert texts(reading)[1:] == ["| Depth", "1.5 | 20", "2 | 30"]


CX = "http://schemas.microsoft.com/office/drawing/2014/chartex"
A = "http://schemas.openxmlformats.org/drawingml/2006/main"


def test_a_newer_chart() -> None:
    """Funnels, maps and waterfalls keep their data apart."""
    root = ET.fromstring(
        f"""<cx:chartSpace xmlns:cx="{CX}" xmlns:a="{A}"><cx:chartData><cx:data id="0">
        <cx:strDim type="cat"><cx:lvl ptCount="2"><cx:pt idx="0">Asked</cx:pt>
        <cx:pt idx="1">Came</cx:pt></cx:lvl>
        </cx:strDim><cx:numDim type="val"><cx:lvl ptCount="2" formatCode="0%"><cx:pt idx="0">1</cx:pt>
        <cx:pt idx="1">0.25</cx:pt></cx:lvl></cx:numDim></cx:data></cx:chartData>
        <cx:chart><cx:title><cx:tx><cx:rich><a:p><a:r><a:t>Guests</a:t></a:r></a:p></cx:rich></cx:tx></cx:title>
        <cx:plotArea><cx:plotAreaRegion><cx:series layoutId="funnel"><cx:tx><cx:txData><cx:v>Share</cx:v>
        </cx:txData></cx:tx><cx:dataId val="0"/></cx:series></cx:plotAreaRegion></cx:plotArea></cx:chart>
        </cx:chartSpace>"""
    )
    builder = TextBuilder()
    add_chart(builder, root)
    assert texts(builder.reading()) == ["Guests", "| Share", "Asked | 100%", "Came | 25%"]


DGM = "http://schemas.openxmlformats.org/drawingml/2006/diagram"


@pytest.mark.parametrize("linked", [True, False])
def test_a_diagram(linked: bool) -> None:
    """Each text is followed by those below it; without links they come as they are kept."""
    points = "".join(
        f'<dgm:pt modelId="{at}"><dgm:t><a:p><a:r><a:t>{text}</a:t></a:r></a:p></dgm:t></dgm:pt>'
        for at, text in ((1, "chair"), (2, "boats"), (3, "crane"), (4, "cash"))
    )
    links = "".join(
        f'<dgm:cxn srcId="{source}" destId="{target}" srcOrd="{order}"/>'
        for source, target, order in (
            ("0", "1", 0),
            ("1", "4", 1),
            ("1", "2", 0),
            ("2", "3", 0),
            ("3", "1", 0),
        )
    )
    root = ET.fromstring(
        f'<dgm:dataModel xmlns:dgm="{DGM}" xmlns:a="{A}"><dgm:ptLst><dgm:pt modelId="0" type="doc"/>{points}'
        f'<dgm:pt modelId="9" type="pres"/></dgm:ptLst><dgm:cxnLst>{links if linked else ""}</dgm:cxnLst>'
        "</dgm:dataModel>"
    )
    assert diagram_texts(root) == ["chair", "boats", "crane", "cash"]


def test_a_chart_on_a_sheet() -> None:
    """A chart that keeps no values of its own gives its title."""
    from index.readers.office.sheets import read_xlsx

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (("Month", "Boats"), ("May", 3), ("June", 4)):
        sheet.append(row)
    chart = BarChart()
    chart.title = "Boats by month"
    chart.add_data(Reference(sheet, min_col=2, min_row=1, max_row=3), titles_from_data=True)
    sheet.add_chart(chart, "D2")
    out = io.BytesIO()
    book.save(out)
    assert texts(read_xlsx(out.getvalue(), "a.xlsx"))[-1] == "Boats by month"

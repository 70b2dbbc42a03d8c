"""Make the pictures that README and docs show: `python docs/make_images.py` writes docs/images/*.png.

The terminal is a real run of `qa demo`, in colour, 80 columns wide; the report is that of `qa eval` over the
example questions, without a model. Needs the development environment and a Chromium of the system.
"""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from rich.console import Console
from rich.terminal_theme import MONOKAI
from rich.text import Text

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ROOT = Path(__file__).resolve().parent.parent
IMAGES = Path(__file__).resolve().parent / "images"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ENVIRONMENT = {**os.environ, "COLUMNS": "80"}
QA = (sys.executable, "-m", "qa")
TERMINAL = """<!DOCTYPE html><meta charset="utf-8"><style>
body {{ margin: 0; background: #fff; }}
div {{ display: inline-block; padding: 14px 22px 18px; background: #0c0c0c; }}
div::before {{ content: "● ● ●"; color: #666; letter-spacing: 2px; font: 11px sans-serif; }}
pre {{ margin: 8px 0 0; font: 15px/1.35 "DejaVu Sans Mono", Menlo, Consolas, monospace; color: #d9d9d9; }}
</style><div><pre>{lines}</pre></div>"""


def coloured(*arguments: str) -> str:
    """What a command prints on a terminal of 80 columns, escape sequences included."""
    done = subprocess.run(
        [*QA, *arguments, "--color", "always"],
        cwd=ROOT,
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        check=True,
        encoding="utf-8",
    )
    return done.stdout


def html_of(text: str) -> str:
    """Text with escape sequences as a fragment of HTML."""
    console = Console(record=True, width=200, file=io.StringIO())
    console.print(Text.from_ansi(text), soft_wrap=True)
    return console.export_html(theme=MONOKAI, inline_styles=True, code_format="{code}")


def report_page(folder: Path) -> Path:
    """The report of an evaluation of the examples, made in `folder`."""
    index, run, page = folder / ".qa", folder / "examples", folder / "report.html"
    for words in (
        ("index", "examples/documents", "--index", str(index)),
        ("eval", "examples/questions.jsonl", "--offline", "--index", str(index), "--out", str(run)),
        ("report", str(run), "-o", str(page)),
    ):
        subprocess.run([*QA, *words], cwd=ROOT, capture_output=True, check=True)
    return page


def terminal_picture(browser: Browser, text: str, path: Path) -> None:
    """A picture of a terminal that shows `text`."""
    page = browser.new_page(device_scale_factor=2, viewport={"width": 1200, "height": 400})
    page.set_content(TERMINAL.format(lines=html_of(text)))
    page.locator("div").screenshot(path=path)


def main() -> None:
    """Make both pictures."""
    from playwright.sync_api import sync_playwright

    executable = next(filter(None, map(shutil.which, BROWSERS)), None)
    if executable is None:
        sys.exit(f"no Chromium is installed ({', '.join(BROWSERS)})")
    IMAGES.mkdir(exist_ok=True)
    with sync_playwright() as playwright, TemporaryDirectory() as temporary:
        browser = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox"])
        terminal_picture(browser, f"\x1b[1m$ qa demo\x1b[0m\n{coloured('demo')}", IMAGES / "terminal.png")
        page = browser.new_page(viewport={"width": 1100, "height": 1150})
        page.goto(report_page(Path(temporary)).as_uri())
        page.screenshot(path=IMAGES / "report.png")
        browser.close()


if __name__ == "__main__":
    main()

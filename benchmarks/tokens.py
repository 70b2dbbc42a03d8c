"""How far the estimate of tokens is from what real tokenizers count.

`python benchmarks/tokens.py DATA [--tokenizer FILE…] [--texts FOLDER]`

Passages of 1,200 characters: of the shared sets, of this repository's code, of made-up tables and rows of
JSON, and of further languages, a text file each in the folder of `--texts`, called by its name. OpenAI's two
encodings and the bundled embedder's tokenizer always count; others are named as `tokenizer.json`, called by
their folders. Markdown on stdout: of how many passages the estimate is no upper bound, and how far it is
above the largest count and above that of o200k.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from qa.models.tokens import estimate_tokens

SIZE, MOST = 1200, 400  # characters of a passage; passages of a kind
ROOT = Path(__file__).resolve().parent.parent
Count = Callable[[str], int]


def counters(files: Iterable[Path]) -> dict[str, Count]:
    """What counts, by name."""
    import llama_index.core
    import wordllama

    os.environ["TIKTOKEN_CACHE_DIR"] = str(Path(llama_index.core.__file__).parent / "_static/tiktoken_cache")
    import tiktoken
    from tokenizers import Tokenizer

    def openai(name: str) -> Count:
        encoding = tiktoken.get_encoding(name)
        return lambda text: len(encoding.encode(text, disallowed_special=()))

    def other(file: Path) -> Count:
        tokenizer = Tokenizer.from_file(str(file))
        tokenizer.no_truncation()
        tokenizer.no_padding()
        return lambda text: len(tokenizer.encode(text, add_special_tokens=False).ids)

    bundled = Path(wordllama.__file__).parent / "tokenizers/l2_supercat_tokenizer_config.json"
    named = {"o200k": openai("o200k_base"), "cl100k": openai("cl100k_base"), "bundled": other(bundled)}
    return {**named, **{file.parent.name: other(file) for file in files}}


def passages(data: Path, texts: Path | None) -> Iterator[tuple[str, list[str]]]:
    """Passages by kind."""
    chance = random.Random(1)
    english = [
        path for name in ("squad2", "chunk_eval", "news") for path in sorted((data / name / "docs").iterdir())
    ]
    yield "English", _cut(english, chance)
    yield "English, tokenised", _cut(sorted((data / "clapnq/docs").iterdir()), chance)
    yield "Python", _cut(sorted((ROOT / "qa").rglob("*.py")), chance)
    yield "tables of numbers", ["\n".join(_row(chance) for _ in range(30))[:SIZE] for _ in range(200)]
    yield "JSON", [json.dumps([_object(chance) for _ in range(15)], indent=1)[:SIZE] for _ in range(100)]
    for path in sorted(texts.iterdir()) if texts else ():
        yield path.stem, _cut([path], chance)


def _cut(paths: Iterable[Path], chance: random.Random) -> list[str]:
    whole = (path.read_text(encoding="utf-8", errors="replace") for path in paths)
    cut = [text[at : at + SIZE] for text in whole for at in range(0, len(text) - SIZE // 2, SIZE)]
    chance.shuffle(cut)
    return cut[:MOST]


def _row(chance: random.Random) -> str:
    cells = (
        f"{chance.uniform(0, 1e6):,.2f}",
        f"({chance.randint(1, 99_999):,})",
        f"{chance.random():.6f}",
        f"2021-0{chance.randint(1, 9)}-1{chance.randint(0, 9)}",
        f"$ {chance.randint(0, 10**9)}",
    )
    return " | ".join(chance.choice(cells) for _ in range(6))


def _object(chance: random.Random) -> dict[str, object]:
    return {"id": chance.randint(0, 10**6), "name": f"item {chance.randint(0, 99)}", "value": chance.random()}


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", type=Path)
    parser.add_argument("--tokenizer", type=Path, nargs="*", default=[], metavar="FILE")
    parser.add_argument("--texts", type=Path, metavar="FOLDER")
    arguments = parser.parse_args()
    count = counters(arguments.tokenizer)
    lines = ["| passages | n | undercounted | times the largest | times o200k |", "|---|--:|--:|--:|--:|"]
    total = below = 0
    for kind, texts in passages(arguments.data, arguments.texts):
        estimates = [estimate_tokens(text) for text in texts]
        largest = [max(each(text) for each in count.values()) for text in texts]
        under = sum(most > estimate for most, estimate in zip(largest, estimates, strict=True))
        of_largest, of_o200k = (
            sum(estimates) / sum(counts) for counts in (largest, map(count["o200k"], texts))
        )
        lines.append(f"| {kind} | {len(texts)} | {under} | {of_largest:.2f} | {of_o200k:.2f} |")
        total, below = total + len(texts), below + under
    sys.stdout.write("\n".join([*lines, f"| all | {total:,} | {below} | | |"]) + "\n")


if __name__ == "__main__":
    main()

"""CSV and other delimited text files."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Mapping
from itertools import islice
from pathlib import Path
from typing import Any

from integrations.connector import Connector, ConnectorError, Pulled, connector

_MAX_BYTES = 2_000_000_000
_SAMPLE = 65_536
ENCODINGS = ("utf-8-sig", "gb18030")


@connector("csv_file")
class CsvFile(Connector):
    """A delimited text file: UTF-8 (with or without mark), UTF-16 with mark or GBK; comma, semicolon, tab or bar."""

    title, title_en = "CSV 文件", "CSV file"
    icon = "file-text"
    schema = {  # noqa: RUF012 a constant of the class
        "type": "object",
        "properties": {
            "path": {"type": "string", "title": "文件", "x-title-en": "File"},
            "encoding": {
                "enum": ["auto", *ENCODINGS, "utf-16"],
                "default": "auto",
                "title": "编码",
                "x-title-en": "Encoding",
            },
            "delimiter": {
                "enum": ["auto", ",", ";", "\t", "|"],
                "default": "auto",
                "title": "分隔符",
                "x-title-en": "Delimiter",
            },
        },
        "required": ["path"],
        "additionalProperties": False,
    }
    example = {"path": "sales.csv", "encoding": "auto"}  # noqa: RUF012 likewise
    suffixes = (".csv", ".tsv", ".txt")

    @classmethod
    def pull(cls, settings: Mapping[str, Any], limit: int | None = None) -> Pulled:
        """Return the rows of the file; every cell is text, an empty one None."""
        path = Path(settings["path"])
        if path.stat().st_size > _MAX_BYTES:
            raise ConnectorError("文件超过 2 GB,请拆开 / the file is larger than 2 GB: split it")
        encoding = settings.get("encoding", "auto")
        if encoding == "auto":
            encoding = detect_encoding(path)
        try:
            with path.open(encoding=encoding, newline="") as file:
                sample = file.read(_SAMPLE)
                file.seek(0)
                delimiter = settings.get("delimiter", "auto")
                reader = csv.reader(file, delimiter=_delimiter(sample) if delimiter == "auto" else delimiter)
                rows = [[cell or None for cell in row] for row in islice(reader, limit)]
                total = len(rows) + sum(1 for _ in reader)
        except UnicodeError as error:
            raise ConnectorError(f"文件不是 {encoding} 编码 / the file is not {encoding}: {error}") from error
        except csv.Error as error:
            raise ConnectorError(f"CSV 读不下去 / the CSV cannot be read: {error}") from error
        return Pulled(cells=rows, tables=(path.stem,), table=path.stem, encoding=encoding, total=total)


def detect_encoding(path: Path) -> str:
    """Return how the text file is encoded: by its mark, else UTF-8 when it is that throughout, else GB18030.

    Raises:
        ConnectorError: it is neither.
    """
    with path.open("rb") as file:
        start = file.read(4)
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    for encoding in ENCODINGS:
        decoder = codecs.getincrementaldecoder(encoding)("strict")
        try:
            with path.open("rb") as file:
                while chunk := file.read(1 << 20):
                    decoder.decode(chunk)
                decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            continue
        return encoding
    raise ConnectorError(
        "文件既不是 UTF-8 也不是 GBK,请另存为 CSV UTF-8 / the file is neither UTF-8 nor GBK: save it as CSV UTF-8"
    )


def _delimiter(sample: str) -> str:
    """Return the sign that splits the first lines into the most columns, equally many in each."""
    lines = [line for line in sample.splitlines()[:20] if line.strip()]
    best, most = ",", 0
    for sign in (",", "\t", ";", "|"):
        counts = [len(next(csv.reader(io.StringIO(line), delimiter=sign))) for line in lines]
        common = max(set(counts), key=counts.count) if counts else 0
        score = common * counts.count(common) if common > 1 else 0
        if score > most:
            best, most = sign, score
    return best

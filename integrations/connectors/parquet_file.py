"""Parquet files."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from integrations.connector import Connector, ConnectorError, Pulled, connector


@connector("parquet_file")
class ParquetFile(Connector):
    """A Parquet file: columns with names and types of their own, so that a million rows need no reading of text."""

    title, title_en = "Parquet 文件", "Parquet file"
    icon = "database"
    schema = {  # noqa: RUF012 a constant of the class
        "type": "object",
        "properties": {"path": {"type": "string", "title": "文件", "x-title-en": "File"}},
        "required": ["path"],
        "additionalProperties": False,
    }
    example = {"path": "sales.parquet"}  # noqa: RUF012 likewise
    suffixes = (".parquet",)

    @classmethod
    def pull(cls, settings: Mapping[str, Any], limit: int | None = None) -> Pulled:
        """Return the columns of the file."""
        path = Path(settings["path"])
        try:
            if limit is None:
                table = pq.read_table(path)
            else:
                batch = next(pq.ParquetFile(path).iter_batches(batch_size=limit), None)
                table = pa.Table.from_batches([batch]) if batch is not None else pq.read_schema(path).empty_table()
        except (pa.ArrowException, OSError) as error:
            raise ConnectorError(f"Parquet 文件读不出来 / the Parquet file cannot be read: {error}") from error
        return Pulled(columns=table, tables=(path.stem,), table=path.stem)

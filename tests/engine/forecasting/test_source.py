"""Tables come as frames, files or folders; codes stay text, names are forgiven, what is missing is told."""

import pandas as pd
import pytest

from engine.forecasting.source import connect, part_of, read
from engine.problems import DefinitionError

ROWS = pd.DataFrame({"SKU": ["0012", "0013"], "Date": ["2026-01-01", "2026-01-02"], "units": [1, 2]})


def test_codes_in_csv_stay_text(tmp_path):
    ROWS.to_csv(tmp_path / "s.csv", index=False)
    con = connect()
    found = read(con, tmp_path / "s.csv", "sales", mapping={"quantity": "units"}, require=("date", "quantity"))
    assert ("sku",) == found.keys
    assert ["0012", "0013"] == sorted(row[0] for row in con.sql(f"SELECT sku FROM ({found.sql})").fetchall())


def test_a_folder_and_a_frame_read_alike(tmp_path):
    ROWS.iloc[:1].to_parquet(tmp_path / "a.parquet")
    ROWS.iloc[1:].to_parquet(tmp_path / "b.parquet")
    con = connect()
    for source in (tmp_path, ROWS):
        found = read(con, source, "sales", mapping={"quantity": "units"})
        assert 3 == con.sql(f"SELECT sum(quantity) FROM ({found.sql})").fetchall()[0][0]


def test_one_mapping_serves_tables_that_lack_its_columns():
    assert {"sku": "SKU"} == part_of({"sku": "SKU", "location": "store"}, connect(), ROWS)


def test_a_name_mapped_to_none_of_ours_is_a_key():
    con = connect()
    frame = ROWS.assign(shop=1)
    assert ("sku", "filiale") == read(con, frame, "sales", mapping={"filiale": "shop", "quantity": "units"}).keys


@pytest.mark.parametrize(
    ("options", "path"),
    [
        ({"mapping": {"quantity": "unit"}}, "$.sales.map.quantity"),
        ({"require": ("quantity",)}, "$.sales"),
        ({"mapping": {"quantity": "units"}, "keys": ["none"], "require": ("quantity",)}, "$.sales"),
    ],
)
def test_what_is_missing_is_told(options, path):
    with pytest.raises(DefinitionError) as told:
        read(connect(), ROWS, "sales", **options)
    assert [path] == [problem.path for problem in told.value.problems]

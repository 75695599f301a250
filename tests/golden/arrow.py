"""Writes tests/golden/arrow/: one small table as an Arrow file and as a stream, plain and packed, by pyarrow.

python3 tests/golden/arrow.py tests/golden/arrow    (pyarrow; the versions used are in the schema's metadata)
"""

import datetime
import sys

import pyarrow as pa
import pyarrow.feather as feather
import pyarrow.parquet as pq

folder = sys.argv[1]
table = pa.table(
    {
        "customer": pa.array(["007", "12", None, "12"]),
        "day": pa.array([datetime.date(2011, 12, d) for d in (1, 2, 3, 4)]),
        "n": pa.array([1, -2, None, 4], pa.int32()),
        "price": pa.array([2.55, 3.0, float("nan"), None]),
        "country": pa.array(["UK", "France", "UK", None]).dictionary_encode(),
        "done": pa.array([True, False, None, True]),
    }
).replace_schema_metadata({"pyarrow": pa.__version__})

with pa.ipc.new_file(f"{folder}/plain.arrow", table.schema) as out:
    out.write_table(table, max_chunksize=2)
for codec in ("lz4", "zstd"):
    feather.write_feather(table, f"{folder}/{codec}.feather", compression=codec)
    options = pa.ipc.IpcWriteOptions(compression=codec)
    with pa.ipc.new_stream(f"{folder}/{codec}.arrows", table.schema, options=options) as out:
        out.write_table(table, max_chunksize=2)
with pa.ipc.new_stream(f"{folder}/plain.arrows", table.schema) as out:
    out.write_table(table, max_chunksize=3)

# What programs of analysis write besides plain columns: moments with a time zone, lists, records and bytes.
moments = [datetime.datetime(2011, 12, d, 8, 26) for d in (1, 2)]
nested = pa.table(
    {
        "customer": pa.array(["007", "12"]).dictionary_encode(),
        "list": pa.array([[1, 2], []]),
        "utc": pa.array(moments, pa.timestamp("ns", "UTC")),
        "record": pa.array([{"a": 1}, {"a": 2}]),
        "berlin": pa.array(moments, pa.timestamp("us", "Europe/Berlin")),
        "bytes": pa.array([b"\xff\x00", b"\xfe"]),
        "price": pa.array([2.55, None]),
    }
)
pq.write_table(nested, f"{folder}/nested.parquet", store_schema=True)
feather.write_feather(nested, f"{folder}/nested.feather")

#!/usr/bin/env python3
"""Ten million rows of sales (customer, date, invoice, amount; about 340 MB of CSV) to recency, frequency and monetary per
customer: Quintile against DuckDB on the same file, both with as many threads, turn by turn.

    pip install duckdb
    python3 tests/bench/ten_million.py [--rows N] [--turns N] [--file CSV]

Quintile runs as `cargo bench --bench rfm_from_file`, which also scores the customers and counts the funnel. The file is
written once, by DuckDB, into the system's folder for temporary files.
"""
import argparse
import json
import os
import statistics
import subprocess
import tempfile
import time

import duckdb

MAKE = """
copy (
    select (hash(i) % {customers} + 1)::int as customer_id,
           date '2023-01-01' + (i * 730 // {rows})::int as order_date,
           500000 + i // 3 as invoice,
           round(exp(1 + 2 * (hash(i + 7) % 10000) / 5000.0), 2) as amount
    from range({rows}) t(i)
) to '{path}' (header, delimiter ',')
"""
RFM = """
select customer_id, date '2025-01-01' - max(order_date) as recency_days, count(distinct invoice) as frequency,
       sum(amount) as monetary
from read_csv('{path}') group by customer_id
"""


def quintile(path):
    done = subprocess.run(
        ["cargo", "bench", "-q", "--bench", "rfm_from_file", "--", path], check=True, capture_output=True, text=True)
    found = json.loads(done.stdout.strip().splitlines()[-1])
    return found["secs"], found["customers"], found["monetary"], found["preview_secs"]


def duck(path):
    start = time.time()
    connection = duckdb.connect()
    connection.execute(f"set threads = {os.cpu_count()}")
    table = connection.execute(RFM.format(path=path)).fetchnumpy()
    secs = time.time() - start
    return secs, len(table["customer_id"]), float(table["monetary"].sum())


def main():
    args = argparse.ArgumentParser()
    args.add_argument("--rows", type=int, default=10_000_000)
    args.add_argument("--turns", type=int, default=5)
    args.add_argument("--file")
    args = args.parse_args()
    path = args.file or os.path.join(tempfile.gettempdir(), f"quintile_{args.rows}_rows.csv")
    if not os.path.exists(path):
        duckdb.sql(MAKE.format(rows=args.rows, customers=max(args.rows // 20, 1), path=path))
    quintile(path)
    ours, theirs, previews = [], [], []
    for _ in range(args.turns):
        secs, customers, monetary, preview = quintile(path)
        duck_secs, duck_customers, duck_monetary = duck(path)
        assert customers == duck_customers, (customers, duck_customers)
        assert abs(monetary - duck_monetary) < 1e-6 * duck_monetary, (monetary, duck_monetary)
        ours.append(secs)
        theirs.append(duck_secs)
        previews.append(preview)
        print(f"quintile {secs:.2f} s, duckdb {duck_secs:.2f} s, preview {preview * 1000:.0f} ms")
    print(f"{customers:,} customers; both find the same money")
    print(f"median: quintile {statistics.median(ours):.2f} s, duckdb {statistics.median(theirs):.2f} s; "
          f"ratio {statistics.median(ours) / statistics.median(theirs):.2f}; "
          f"preview {statistics.median(previews) * 1000:.0f} ms")


if __name__ == "__main__":
    main()

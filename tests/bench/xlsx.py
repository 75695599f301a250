"""The workbook of a million customers: Quintile and Python's XlsxWriter write the same cells, one after the other.

    python3 tests/bench/xlsx.py BENCH [CUSTOMERS]

BENCH is the program that `cargo bench --bench xlsx --no-run` made. XlsxWriter writes in its fastest way that fits into
memory, `constant_memory`, which has neither tables nor charts; that and the reading of the cells is not counted against it.
"""

import csv
import datetime
import json
import os
import resource
import subprocess
import sys
import tempfile
import time

import xlsxwriter

HEADER = ["Customer id", "Segment", "Last purchase", "Recency, days", "Frequency", "Monetary", "Mean basket",
          "RFM segment", "Recency score", "Frequency score", "Monetary score", "Cluster"]
WITHIN = [i for i, title in enumerate(HEADER) if title not in ("Segment", "Cluster")]


def rows(path):
    """The cells of the sheet of all customers."""
    snapshot = datetime.date(2011, 12, 10)
    with open(path, newline="", encoding="utf-8") as file:
        for r in csv.DictReader(file):
            recency = int(r["recency_days"])
            yield (r["customer_id"], r["segment"], snapshot - datetime.timedelta(recency), recency, int(r["frequency"]),
                   float(r["monetary"]), float(r["basket_mean"]), r["rfm_segment"], int(r["r_score"]),
                   int(r["f_score"]), int(r["m_score"]), int(r["cluster"]))


def write(path, table):
    book = xlsxwriter.Workbook(path, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    date = book.add_format({"num_format": "yyyy-mm-dd"})
    money = book.add_format({"num_format": "#,##0.00"})
    formats = {"Last purchase": date, "Monetary": money, "Mean basket": money}

    def sheet(name, columns, rows):
        here = book.add_worksheet(name)
        plan = []
        for at, column in enumerate(columns):
            title = HEADER[column]
            here.write_string(0, at, title)
            write = {"Customer id": here.write_string, "Segment": here.write_string, "RFM segment": here.write_string,
                     "Last purchase": here.write_datetime}.get(title, here.write_number)
            plan.append((at, column, write, formats.get(title)))
        for line, row in enumerate(rows, 1):
            for at, column, write, format in plan:
                write(line, at, row[column], format)
        return len(rows) * len(plan)

    cells = 0
    groups = {}
    for row in table:
        groups.setdefault(row[1], []).append(row)
    for i, group in enumerate(groups.values(), 1):
        cells += sheet(f"Segment {i}", WITHIN, group)
    cells += sheet("Customers", range(len(HEADER)), table)
    book.close()
    return cells


def main():
    bench, customers = sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else "1000000"
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run([bench, customers, folder], check=True, capture_output=True, text=True)
        own = json.loads(done.stdout)
        table = list(rows(os.path.join(folder, "customers.csv")))
        path = os.path.join(folder, "theirs.xlsx")
        start = time.perf_counter()
        cells = write(path, table)
        theirs = time.perf_counter() - start
        size = os.path.getsize(path) / 1e6
    print(f"{int(customers):,} customers, {cells:,} cells, {os.cpu_count()} cores")
    print(f"Quintile    {own['seconds']:7.1f} s  {own['megabytes']:6.0f} MB  peak {own['peak_gb']:.2f} GB "
          f"(before writing {own['peak_gb_before']:.2f} GB)")
    print(f"XlsxWriter  {theirs:7.1f} s  {size:6.0f} MB  peak {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6:.2f} GB, "
          "its input included")
    print(f"{theirs / own['seconds']:.1f} times as fast")


main()

#!/usr/bin/env python3
"""Scores how well messy CSV files are read: Quintile, DuckDB and pandas on files whose clean version is known.

    pip install duckdb pandas
    python3 tests/bench/messy_csv.py PROGRAM FOLDER

FOLDER holds csv/ and clean/ with files of the same names (the layout of the Pollock benchmark, Vitagliano et al.,
"Pollock: A Data Loading Benchmark", VLDB 2023). Nobody gets an option about how the file is
written; DuckDB and pandas are asked for texts, as types would change what is compared. The score of a file follows that benchmark: ten
numbers of 0-1 are added up: read at all; and precision, recall and F1 of the header, the records and the cells, each
compared as multisets of texts. "right" says that header and records are the same, cell by cell and in order.
"""
import collections
import csv
import io
import os
import subprocess
import sys
import tempfile

csv.field_size_limit(1 << 30)


def normal(cell):
    """The text of a cell without surrounding blanks; numbers in one writing, because readers with types change it."""
    text = "" if cell is None else str(cell).strip()
    try:
        number = float(text)
        if number == number and abs(number) < 1e15:
            return repr(number)
    except ValueError:
        pass
    return " ".join(text.split())


def rows_of(text):
    return [row for row in csv.reader(io.StringIO(text, newline="")) if row]


def read_text(path):
    data = open(path, "rb").read()
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def measures(expected, found):
    if not expected:
        return 1.0, 1.0, 1.0
    common = sum((collections.Counter(expected) & collections.Counter(found)).values())
    if not common:
        return 0.0, 0.0, 0.0
    precision, recall = common / len(expected), common / len(found)
    return precision, recall, 2 * precision * recall / (precision + recall)


def score(expected, found):
    """Points of ten, and whether everything is the same."""
    if found is None:
        return 0.0, False
    expected = [[normal(c) for c in row] for row in expected]
    found = [[normal(c) for c in row] for row in found]
    points = 1.0
    points += sum(measures(expected[0] if expected else [], found[0] if found else []))
    records = [["\x1f".join(row) for row in rows[1:]] for rows in (expected, found)]
    points += sum(measures(*records))
    cells = [[c for row in rows[1:] for c in row] for rows in (expected, found)]
    points += sum(measures(*cells))
    return points, expected == found


def quintile(program):
    def read(path):
        with tempfile.TemporaryDirectory() as folder:
            out = os.path.join(folder, "out.csv")
            done = subprocess.run([program, "convert", "--raw", path, "--out", out], capture_output=True)
            return rows_of(open(out, encoding="utf-8", newline="").read()) if done.returncode == 0 else None
    return read


def duckdb_reader(path):
    import duckdb
    try:
        table = duckdb.connect().execute("select * from read_csv(?, all_varchar = true)", [path])
        header = [d[0] for d in table.description]
        return [header] + [list(row) for row in table.fetchall()]
    except Exception:
        return None


def pandas_reader(path):
    import pandas
    try:
        frame = pandas.read_csv(path, dtype=str, keep_default_na=False)
        return [list(frame.columns)] + frame.astype(object).where(frame.notna(), None).values.tolist()
    except Exception:
        return None


def main():
    program, folder = sys.argv[1:3]
    readers = {"quintile": quintile(program), "duckdb": duckdb_reader, "pandas": pandas_reader}
    names = sorted(os.listdir(os.path.join(folder, "csv")))
    totals = collections.defaultdict(list)
    print(f"{'file':<60}" + "".join(f"{name:>16}" for name in readers))
    for name in names:
        expected = rows_of(read_text(os.path.join(folder, "clean", name)))
        line = f"{name[:58]:<60}"
        for reader, read in readers.items():
            points, right = score(expected, read(os.path.join(folder, "csv", name)))
            totals[reader].append((points, right))
            line += f"{points:>10.3f}{' right' if right else '      '}"
        print(line)
    print(f"{'mean of ' + str(len(names)) + ' files':<60}" + "".join(
        f"{sum(p for p, _ in totals[r]) / len(names):>10.3f}{sum(k for _, k in totals[r]):>6}" for r in readers))
    best = totals["quintile"]
    ahead = all(
        sum(p for p, _ in best) > sum(p for p, _ in totals[r]) and sum(k for _, k in best) > sum(k for _, k in totals[r])
        for r in readers if r != "quintile")
    print("quintile is ahead in both" if ahead else "quintile is not ahead in both")
    return 0 if ahead else 1


if __name__ == "__main__":
    sys.exit(main())

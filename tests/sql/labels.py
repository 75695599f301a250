"""What the scripts beside this one have in common: the labels that the analysis gave, and how they are compared."""

import csv
import os
import sys


def recipes(folder):
    return sorted(name for name in os.listdir(folder) if os.path.isdir(os.path.join(folder, name)))


def query(folder, name, dialect):
    with open(os.path.join(folder, name, f"segments.{dialect}.sql"), encoding="utf-8", newline="") as file:
        return file.read()


def expected(folder, name):
    with open(os.path.join(folder, name, "customers.csv"), encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file)
        return {row["customer_id"]: (row["rfm_segment"], int(row["cluster"])) for row in rows}


def compare(folder, name, where, found):
    """`found`: rows of customer_id, rfm_segment, cluster. Returns whether all is equal; a tree has no rule for
    single customers, so that its clusters may differ for some."""
    want = expected(folder, name)
    rows = [(row[0], (row[1], int(row[2]))) for row in found]
    got = dict(rows)
    assert len(got) == len(rows), f"{where}, {name}: a customer comes twice"
    missing, more = set(want) - set(got), set(got) - set(want)
    segments = [c for c in set(want) & set(got) if want[c][0] != got[c][0]]
    clusters = [c for c in set(want) & set(got) if want[c][1] != got[c][1]]
    allowed = len(want) * 0.2 if name == "tree" else 0
    good = not missing and not more and not segments and len(clusters) <= allowed
    print(f"{where}, {name}: {len(want)} customers, {len(missing)} missing, {len(more)} too many, "
          f"{len(segments)} other segments, {len(clusters)} other clusters")
    for customer in (sorted(missing) + sorted(more) + segments + ([] if good else clusters))[:5]:
        print("   ", customer, want.get(customer), got.get(customer))
    return good


def skip(why):
    print(f"skipped: {why}")
    sys.exit(77)


def done(good):
    sys.exit(0 if all(good) else 1)

#!/usr/bin/env python3
"""Times the whole headless run against a notebook's worth of pandas and scikit-learn, in the same run.

Usage: python3 tests/bench/run_vs_pandas.py OnlineRetail.csv [path of the quintile binary] [runs]
Needs pandas, scikit-learn and openpyxl (PyPI); `cargo build --release` first. Both sides read the same file,
clean it (returns dropped), count RFM, score, search k = 2 to 10 with 10 restarts each and silhouette,
Calinski-Harabasz and Davies-Bouldin, project, and write a CSV and a workbook. Each runs as a whole process,
turn by turn; wall time and peak memory are printed as minimum, median and maximum.
"""

import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time

NOTEBOOK = r"""
import sys, os
import numpy as np, pandas as pd
from sklearn.cluster import KMeans
from sklearn.decomposition import PCA
from sklearn.metrics import silhouette_score, calinski_harabasz_score, davies_bouldin_score
path, out = sys.argv[1:3]
df = pd.read_csv(path, encoding="ISO-8859-1", dtype={"InvoiceNo": str, "StockCode": str})
df["InvoiceDate"] = pd.to_datetime(df["InvoiceDate"], format="%m/%d/%Y %H:%M")
df = df.dropna(subset=["CustomerID"])
df = df[~df["InvoiceNo"].str.startswith("C")]
df = df[(df["Quantity"] > 0) & (df["UnitPrice"] > 0)]
df["Amount"] = df["Quantity"] * df["UnitPrice"]
df["Day"] = df["InvoiceDate"].dt.normalize()
snapshot = df["Day"].max() + pd.Timedelta(days=1)
rfm = df.groupby("CustomerID").agg(last=("Day", "max"), frequency=("InvoiceNo", "nunique"), monetary=("Amount", "sum"))
rfm["recency_days"] = (snapshot - rfm.pop("last")).dt.days
rfm = rfm[["recency_days", "frequency", "monetary"]]
for column in rfm.columns[:3]:
    edges = rfm[column].quantile([0.2, 0.4, 0.6, 0.8]).to_numpy()
    rfm[column[0] + "_score"] = 1 + (rfm[column].to_numpy()[:, None] > edges).sum(axis=1)
x = np.log1p(rfm[["recency_days", "frequency", "monetary"]])
x = ((x - x.mean()) / x.std(ddof=0)).to_numpy()
rows, best = [], None
for k in range(2, 11):
    model = KMeans(n_clusters=k, n_init=10, random_state=42).fit(x)
    rows.append((k, model.inertia_, silhouette_score(x, model.labels_), calinski_harabasz_score(x, model.labels_),
                 davies_bouldin_score(x, model.labels_)))
    if k == 5:
        best = model
pca = PCA().fit(x)
rfm["cluster"] = best.labels_ + 1
os.makedirs(out, exist_ok=True)
rfm.to_csv(os.path.join(out, "customers.csv"))
with pd.ExcelWriter(os.path.join(out, "segments.xlsx")) as book:
    rfm.groupby("cluster").median().to_excel(book, sheet_name="Summary")
    rfm.to_excel(book, sheet_name="Customers")
print(rows[3][1])
"""


def timed(command):
    """Wall seconds and peak memory (bytes) of a process."""
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    secs = time.perf_counter() - start
    if status != 0:
        sys.exit(f"failed: {command}")
    return secs, usage.ru_maxrss * 1024


def line(name, runs):
    secs = [r[0] for r in runs]
    memory = [r[1] / 1e6 for r in runs]
    print(f"{name:24} {min(secs):6.2f} {statistics.median(secs):6.2f} {max(secs):6.2f} s   peak {max(memory):5.0f} MB")
    return statistics.median(secs)


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    data = sys.argv[1]
    binary = sys.argv[2] if len(sys.argv) > 2 else "target/release/quintile"
    runs = int(sys.argv[3]) if len(sys.argv) > 3 else 5
    with tempfile.TemporaryDirectory() as folder:
        script = os.path.join(folder, "notebook.py")
        with open(script, "w") as file:
            file.write(NOTEBOOK)
        ours, tested, theirs = [], [], []
        # The notebook draws no customers anew, so that one turn goes without; the other is what the program does by itself.
        like_for_like = ["--references", "0", "--resamples", "0"]
        run = [binary, "run", data, "--returns", "drop", "--out", os.path.join(folder, "ours")]
        for _ in range(runs):
            ours.append(timed(run + like_for_like))
            tested.append(timed(run))
            theirs.append(timed([sys.executable, script, data, os.path.join(folder, "theirs")]))
        print(f"{os.cpu_count()} cores, {runs} runs each: minimum, median, maximum of wall time")
        a = line("quintile, the same work", ours)
        line("quintile, each k tested", tested)
        b = line("pandas + scikit-learn", theirs)
        print(f"quintile is {b / a:.1f} times as fast (medians)")
        with open(os.path.join(folder, "ours", "summary.json")) as file:
            print("stages:", json.dumps(json.load(file)["duration_secs"]))


if __name__ == "__main__":
    main()

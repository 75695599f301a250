#!/usr/bin/env python3
"""k-means, the search for k, silhouettes, mini-batch and PCA beside scikit-learn, two threads each.

    cargo build --release --bench clusters     # or: cargo bench --bench clusters --no-run
    python3 tests/bench/clusters.py target/release/deps/clusters-…  [--turns 3] [--only NAME,NAME]

The data are like customers' recency, frequency and monetary value: five kinds of customers, every value log-normal,
its logarithm scaled to mean 0 and variance 1; further features are noisy mixtures of these three. Both sides read
the same numbers, in turns, and the least time of each counts. What is timed is the fit alone, on data in memory.
"""
import argparse
import json
import os
import subprocess
import sys
import tempfile
import time

os.environ["OMP_NUM_THREADS"] = "2"
os.environ["OPENBLAS_NUM_THREADS"] = "2"
os.environ["RAYON_NUM_THREADS"] = "2"

import numpy as np
import sklearn
from sklearn.cluster import KMeans, MiniBatchKMeans
from sklearn.decomposition import PCA
from sklearn.metrics import calinski_harabasz_score, davies_bouldin_score, silhouette_score

KINDS = np.array([  # share, then mean logarithm of days since, orders, money
    [0.15, 2.5, 2.6, 7.5],
    [0.25, 3.5, 1.6, 6.2],
    [0.20, 3.0, 0.5, 4.8],
    [0.25, 5.2, 0.8, 5.4],
    [0.15, 5.8, 0.2, 4.0],
])


def customers(n, d, seed=1):
    """n × d, log-scaled and standardised."""
    rng = np.random.default_rng(seed)
    kind = rng.choice(len(KINDS), n, p=KINDS[:, 0])
    z = rng.normal(size=(n, 3))
    spread = np.array([0.9, 0.55, 0.8])
    logs = KINDS[kind, 1:] + spread * z
    logs[:, 2] += 0.6 * spread[1] * z[:, 1]  # who orders more often spends more
    values = np.exp(logs)
    values[:, 0] = np.floor(values[:, 0])  # whole days
    values[:, 1] = np.maximum(1, np.round(values[:, 1]))  # whole orders
    values[:, 2] = np.round(values[:, 2], 2)  # cents
    x = np.log1p(values)
    if d > 3:
        mixtures = rng.normal(size=(3, d - 3))
        x = np.hstack([x, x @ mixtures + 1.5 * rng.normal(size=(n, d - 3))])
    return np.ascontiguousarray((x - x.mean(0)) / x.std(0))


def timed(work):
    start = time.perf_counter()
    result = work()
    return time.perf_counter() - start, result


def kmeans(k):
    return lambda x: float(KMeans(n_clusters=k, n_init=10, random_state=0).fit(x).inertia_)


def minibatch(k):
    # The labels it gives are those of its last batch's centres; the inertia over all rows is what is compared.
    return lambda x: float(MiniBatchKMeans(n_clusters=k, n_init=3, random_state=0).fit(x).inertia_)


def search(x):
    rows = []
    for k in range(2, 11):
        found = KMeans(n_clusters=k, n_init=10, random_state=0).fit(x)
        scores = [score(x, found.labels_) for score in (silhouette_score, calinski_harabasz_score, davies_bouldin_score)]
        rows.append([float(found.inertia_), *map(float, scores)])
    return rows


def one_silhouette(x):
    labels = KMeans(n_clusters=5, n_init=1, random_state=0).fit(x[:25_000]).labels_
    seconds, value = timed(lambda: silhouette_score(x[:25_000], labels))
    return {"alone": seconds, "value": float(value)}


def pca(x):
    model = PCA()
    model.fit_transform(x)
    return [float(v) for v in model.explained_variance_ratio_]


CASES = [  # name, n, d, task of the binary, k, scikit-learn's side, what must be reached
    ("k-means 100,000 x 3, k=5", 100_000, 3, "kmeans", 5, kmeans(5), 10),
    ("k-means 1,000,000 x 3, k=5", 1_000_000, 3, "kmeans", 5, kmeans(5), 10),
    ("k-means 100,000 x 20, k=8", 100_000, 20, "kmeans", 8, kmeans(8), 4),
    ("k search 10,000 x 3, k=2..10", 10_000, 3, "search", 0, search, 60),
    ("silhouettes 100,000 x 3, k=2..10, against 25,000, k=5", 100_000, 3, "silhouettes", 0, one_silhouette, 1),
    ("PCA 1,000,000 x 10", 1_000_000, 10, "pca", 0, pca, 1),
    ("mini-batch 1,000,000 x 3, k=5", 1_000_000, 3, "minibatch", 5, minibatch(5), None),
]


def inertia_of(result):
    if isinstance(result, dict):
        return result.get("inertia")
    return result if isinstance(result, float) else None


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("binary")
    parser.add_argument("--turns", type=int, default=3)
    parser.add_argument("--only", default="")
    args = parser.parse_args()
    print(f"scikit-learn {sklearn.__version__}, {args.turns} turns, least time of each, 2 threads")
    print(f"{'':56}{'scikit-learn':>13}{'quintile':>10}{'ratio':>8}{'must':>6}  inertia (ours/theirs − 1)")
    for name, n, d, task, k, peer, must in CASES:
        if args.only and not any(part in name for part in args.only.split(",")):
            continue
        x = customers(n, d)
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "x.f64")
            x.astype("<f8").tofile(path)
            theirs, ours = [], []
            for _ in range(args.turns):
                seconds, result = timed(lambda: peer(x))
                theirs.append((result["alone"] if isinstance(result, dict) else seconds, result))
                out = subprocess.run([args.binary, path, str(d), task, str(k)], capture_output=True, check=True)
                got = json.loads(out.stdout)
                ours.append((got.get("alone", got["seconds"]), got))
        their_time, our_time = min(t for t, _ in theirs), min(t for t, _ in ours)
        got, result = ours[0][1], theirs[0][1]
        word = ""
        if inertia_of(got) is not None:
            least = min(inertia_of(r) for _, r in theirs)
            word = f"{inertia_of(got):.4f} ({(inertia_of(got) / least - 1) * 100:+.4f} %)"
        elif task == "search":
            worst = max(row["inertia"] / row_theirs[0] - 1 for row, row_theirs in zip(got["rows"], result))
            word = f"worst k {worst * 100:+.4f} %"
        elif task == "pca":
            word = f"shares differ by {max(abs(a - b) for a, b in zip(got['ratio'], result)):.1e}"
        must = "" if must is None else f"{must} x"
        print(f"{name:56}{their_time:11.3f} s{our_time:8.3f} s{their_time / our_time:7.1f}x{must:>6}  {word}", flush=True)


if __name__ == "__main__":
    sys.exit(main())

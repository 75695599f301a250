"""Mixtures, trees, dense regions and prototypes of iris and the Mall customers, as scikit-learn, SciPy and kmodes find
them. Writes one JSON file per data set and method beside itself; numbers only.

    python3 make.py DATA [PART…]    DATA: the folder that QUINTILE_DATA names; parts: mixtures, trees, dense, prototypes
"""

import json
import sys
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.cluster.hierarchy import fcluster, linkage
from sklearn.cluster import HDBSCAN
from sklearn.datasets import make_moons
from sklearn.mixture import GaussianMixture

HERE = Path(__file__).parent
DATA = Path(sys.argv[1])
PARTS = sys.argv[2:] or ["mixtures", "trees", "dense", "prototypes"]
STARTS = json.loads((HERE / "starts.json").read_text())

iris = pd.read_csv(HERE.parent / "iris.csv").iloc[:, :4].to_numpy(float)
mall = pd.read_csv(DATA / "tables" / "Mall_Customers.csv").iloc[:, 2:5].to_numpy(float)
moons = np.round(make_moons(400, noise=0.08, random_state=3)[0], 4)
SETS = {"iris": iris, "mall": mall}


def write(name, value):
    (HERE / name).write_text(json.dumps(value, separators=(",", ":")) + "\n")


def flat(g):
    """Components with less than ten times reg_covar left to some feature when those before it are known."""
    full = [np.diag(c) if c.ndim == 1 else c for c in g.covariances_]
    return sum(np.any(np.diag(np.linalg.cholesky(c)) ** 2 < 1e-5) for c in full)


def mixture(name, x, k, form):
    """Of scikit-learn's own starts and of one from the parameters in starts.json the fewest flat components, then the largest
    likelihood. A likelihood has many peaks; the parameters are those of the peak that Quintile finds, to four digits, and
    the fit from them has to be no worse than the best of 60 others."""
    _, _, _, weights, means, spread = next(row for row in STARTS if row[:3] == [name, form, k])
    precisions = [np.linalg.inv(c) if form == "full" else 1 / np.diag(c) for c in spread]
    best = GaussianMixture(k, covariance_type=form, tol=1e-6, max_iter=5000, weights_init=np.array(weights) / sum(weights),
                           means_init=means, precisions_init=precisions).fit(x)
    for init in ["kmeans", "k-means++"]:
        for seed in range(30):
            g = GaussianMixture(k, covariance_type=form, init_params=init, random_state=seed, tol=1e-4).fit(x)
            if (flat(g), -g.score(x) + 1e-3) < (flat(best), -best.score(x)):
                print(f"{name}, {form}, k = {k}: a better start is {init} {seed}, {g.score(x)} after {best.score(x)}")
                best = g
    end = GaussianMixture(k, covariance_type=form, tol=1e-13, max_iter=50_000, weights_init=best.weights_,
                          means_init=best.means_, precisions_init=best.precisions_).fit(x)
    order = np.lexsort(end.means_.T[::-1])
    full = [np.diag(c) if c.ndim == 1 else c for c in end.covariances_[order]]
    labels = np.argsort(order)[end.predict(x)]
    return {"k": k, "covariance": {"full": "full", "diag": "diagonal"}[form], "flat": int(flat(end)),
            "weights": end.weights_[order].tolist(),
            "means": end.means_[order].tolist(), "covariances": [c.tolist() for c in full],
            "log_likelihood": end.score(x) * len(x), "bic": end.bic(x), "aic": end.aic(x),
            "sizes": np.bincount(labels, minlength=k).tolist()}


METHODS = ["ward", "average", "complete"]


def without_ties(x):
    """Moves every value a little, by a rule that another program can follow, so that no two distances are equal."""
    i, j = np.indices(x.shape)
    return x + 1e-3 * ((i * 7919 + j * 104729) % 10007) / 10007


def tree(x, method, ties):
    """SciPy's tree. Where two distances are equal it depends on the order of the rows or on rounding, which is tried."""
    x = x if ties else without_ties(x)
    z = linkage(x, method)
    rng = np.random.default_rng(5)
    turned = [linkage(x[rng.permutation(len(x))] + 1e-9 * rng.random(x.shape), method) for _ in range(50)]
    heights = all(np.allclose(t[:, 2], z[:, 2], rtol=1e-6, atol=1e-6) for t in turned)
    return {"linkage": method, "ties": ties, "ambiguous": not heights, "heights": z[:, 2].tolist(),
            "cuts": {k: fcluster(z, k, "maxclust").tolist() for k in range(2, 7)}}


for name, x in SETS.items():
    if "mixtures" in PARTS:
        write(f"mixture_{name}.json", [mixture(name, x, k, form) for form in ["full", "diag"] for k in range(2, 6)])
    if "trees" in PARTS:
        write(f"trees_{name}.json", [tree(x, method, ties) for ties in [True, False] for method in METHODS])

if "dense" in PARTS:
    runs = []
    for name, x, size, samples in [("iris", iris, 5, 5), ("iris", iris, 15, 5), ("mall", mall, 8, 4),
                                   ("mall", mall, 12, 6), ("moons", moons, 10, 5), ("moons", moons, 25, 10)]:
        h = HDBSCAN(min_cluster_size=size, min_samples=samples, copy=True).fit(x)
        runs.append({"data": name, "min_cluster_size": size, "min_samples": samples, "labels": h.labels_.tolist(),
                     "probabilities": np.round(h.probabilities_, 9).tolist()})
    write("dense.json", {"moons": moons.tolist(), "runs": runs})

if "prototypes" in PARTS:
    from kmodes.kprototypes import KPrototypes

    rng = np.random.default_rng(11)
    group = rng.integers(0, 3, 240)
    numbers = np.round(np.array([[0, 0], [3, 1], [1, 4]])[group] + rng.normal(0, 1.2, (240, 2)), 3)
    words = np.array(["north", "south", "west"])[np.where(rng.random(240) < 0.7, group, rng.integers(0, 3, 240))]
    channel = rng.choice(["shop", "web"], 240)
    mixed = np.column_stack([numbers.astype(object), words, channel])
    costs = [(k, KPrototypes(k, gamma=1.3, n_init=15, init="Huang", random_state=1).fit(mixed, categorical=[2, 3]).cost_)
             for k in range(2, 7)]
    write("prototypes.json", {"numbers": numbers.tolist(), "words": np.column_stack([words, channel]).tolist(),
                              "gamma": 1.3, "costs": costs})

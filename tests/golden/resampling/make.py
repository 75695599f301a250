"""Gap statistic, bootstrap Jaccard and prediction strength of the iris flowers, by scikit-learn.

Written from the papers alone: Tibshirani, Walther & Hastie 2001 (gap, squared distances, s = sd * sqrt(1 + 1/B));
Hennig 2007 (bootstrap Jaccard; customers drawn several times count once, as in clusterboot of R's fpc); Tibshirani &
Walther 2005 (prediction strength, mean over both halves, as in prediction.strength of R's fpc).

    python3 make.py > iris.json
"""
import json

import numpy as np
from sklearn.cluster import KMeans
from sklearn.datasets import load_iris

X = load_iris().data
N = len(X)
REFERENCES = RESAMPLES = 300
HALVINGS = 1000


def fit(x, k, seed):
    return KMeans(k, n_init=10, random_state=seed).fit(x)


def gap(box):
    rng = np.random.default_rng(1)
    points = X
    if box == "principal components":
        centred = X - X.mean(axis=0)
        _, _, directions = np.linalg.svd(centred, full_matrices=False)
        points = centred @ directions.T
    low, high = points.min(axis=0), points.max(axis=0)
    ks = range(1, 9)
    own = np.array([np.log(fit(X, k, 0).inertia_) for k in ks])
    logs = []
    for b in range(REFERENCES):
        z = rng.uniform(low, high, X.shape)
        logs.append([np.log(KMeans(k, n_init=5, random_state=b).fit(z).inertia_) for k in ks])
    logs = np.array(logs)
    return {
        "gap": list(logs.mean(axis=0) - own),
        "error": list(logs.std(axis=0) * np.sqrt(1 + 1 / REFERENCES)),
    }


def jaccard(k):
    rng = np.random.default_rng(2)
    labels = fit(X, k, 0).labels_
    total = np.zeros(k)
    for b in range(RESAMPLES):
        rows = rng.integers(0, N, N)
        found = fit(X[rows], k, b).labels_
        of = dict(zip(rows, found))
        drawn = sorted(of)
        for c in range(k):
            own = {r for r in drawn if labels[r] == c}
            groups = [{r for r in drawn if of[r] == g} for g in range(k)]
            total[c] += max(len(own & g) / len(own | g) for g in groups)
    return sorted(total / RESAMPLES)


def strength(k):
    rng = np.random.default_rng(3)
    values = []
    for b in range(HALVINGS):
        order = rng.permutation(N)
        halves = [X[order[: N // 2]], X[order[N // 2:]]]
        models = [KMeans(k, n_init=5, random_state=b).fit(h) for h in halves]
        for me, other in ((0, 1), (1, 0)):
            own, said = models[me].labels_, models[other].predict(halves[me])
            worst = 1.0
            for c in range(k):
                inside = said[own == c]
                n = len(inside)
                counts = np.bincount(inside)
                worst = min(worst, (counts * (counts - 1)).sum() / (n * (n - 1)) if n > 1 else 0.0)
            values.append(worst)
    return float(np.mean(values))


print(json.dumps({
    "gap": {box: gap(box) for box in ("principal components", "features")},
    "jaccard": {k: jaccard(k) for k in range(2, 5)},
    "strength": {k: strength(k) for k in range(2, 5)},
}, indent=1))

"""Writes customers.csv and trees.json: made-up customers in clusters, and scikit-learn's decision trees on them.

Run in this folder: python3 make.py (scikit-learn 1.9, numpy 2.4)."""

import json

import numpy as np
from sklearn.cluster import KMeans
from sklearn.preprocessing import StandardScaler
from sklearn.tree import DecisionTreeClassifier

rng = np.random.default_rng(7)
n = 1500
recency = np.minimum(rng.integers(1, 374, n), rng.integers(1, 374, n))
frequency = rng.geometric(0.3, n)
monetary = np.round(frequency * rng.lognormal(5.4, 0.8, n), 2)
x = np.column_stack([recency, frequency, monetary]).astype(float)
scaled = StandardScaler().fit_transform(np.log1p(x))
out = {}
labels = {}
for k in (2, 4, 6, 9):
    y = KMeans(k, n_init=20, random_state=0).fit_predict(scaled)
    labels[k] = y
    trees = []
    for depth in (1, 2, 3, 4):
        # Ties between features are broken at random there: the best of some.
        fits = [DecisionTreeClassifier(max_depth=depth, random_state=s).fit(x, y) for s in range(20)]
        trees.append({"depth": depth, "right": int(max((f.predict(x) == y).sum() for f in fits))})
    for leaves in range(2, 19):
        fit = DecisionTreeClassifier(max_depth=5 if k > 8 else 4, max_leaf_nodes=leaves, random_state=0).fit(x, y)
        trees.append({"leaves": leaves, "right": int((fit.predict(x) == y).sum())})
    out[str(k)] = trees

with open("customers.csv", "w") as f:
    f.write("recency_days,frequency,monetary," + ",".join(f"k{k}" for k in labels) + "\n")
    for i in range(n):
        f.write(f"{recency[i]},{frequency[i]},{monetary[i]}," + ",".join(str(labels[k][i]) for k in labels) + "\n")
with open("trees.json", "w") as f:
    json.dump(out, f)
    f.write("\n")

"""scikit-learn's t-SNE of iris and of three blobs: what tests/tsne.rs compares with.

python tests/golden/tsne/tsne.py > tests/golden/tsne/tsne.json   (scikit-learn 1.9, numpy 2)
"""

import csv
import json
import pathlib

import numpy as np
from sklearn.datasets import make_blobs
from sklearn.manifold import TSNE, trustworthiness

golden = pathlib.Path(__file__).parent.parent
rows = list(csv.reader(open(golden / "iris.csv")))[1:]
iris = np.array([[float(v) for v in row[:4]] for row in rows])
blobs = make_blobs(150, n_features=5, centers=3, cluster_std=1.5, random_state=3)[0].round(4)

out = {}
for name, x in [("iris", iris), ("blobs", blobs)]:
    model = TSNE(init="pca", learning_rate="auto", random_state=0)
    y = model.fit_transform(x).astype(float).round(4)
    out[name] = {
        "divergence": round(float(model.kl_divergence_), 5),
        "trustworthiness": round(float(trustworthiness(x, y, n_neighbors=5)), 6),
        "picture": y.tolist(),
    }
    if name == "blobs":
        out[name]["x"] = x.tolist()
print(json.dumps(out))

"""t-SNE of 5,000 x 3 log-scaled RFM-like customers: this project's against scikit-learn's, in the same run.

python tests/bench/tsne.py   (two threads each; needs numpy and scikit-learn, and cargo for the other side)
"""

import os
import subprocess
import tempfile
import time

import numpy as np
from sklearn.manifold import TSNE, trustworthiness

rng = np.random.default_rng(1)
n = 5000
x = np.column_stack(
    [
        np.log1p(rng.gamma(1.5, 60, n)),
        np.log1p(rng.lognormal(1.0, 0.9, n)),
        np.log1p(rng.lognormal(5.5, 1.1, n)),
    ]
)
x = (x - x.mean(0)) / x.std(0)
with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, "x.csv")
    np.savetxt(path, x, delimiter=",")
    env = dict(os.environ, RAYON_NUM_THREADS="2")
    subprocess.run(["cargo", "bench", "--bench", "scatter", "--", "--tsne", path], check=True, env=env)
    places = np.loadtxt(path + ".tsne", delimiter=",")
print(f"   trustworthiness {trustworthiness(x, places, n_neighbors=5):.4f}")
start = time.time()
model = TSNE(random_state=0, n_jobs=2)
theirs = model.fit_transform(x)
took = time.time() - start
print(f"scikit-learn: {n} x 3 in {took:.1f} s, divergence {model.kl_divergence_:.3f}")
print(f"   trustworthiness {trustworthiness(x, theirs, n_neighbors=5):.4f}")

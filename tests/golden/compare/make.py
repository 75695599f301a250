"""Pairs of labelings, with adjusted Rand index by scikit-learn and the largest number of customers that can stay by SciPy.

    python3 make.py > pairs.json
"""
import json

import numpy as np
from scipy.optimize import linear_sum_assignment
from sklearn.metrics import adjusted_rand_score
from sklearn.metrics.cluster import contingency_matrix

rng = np.random.default_rng(5)
pairs = []
for n, p, q, noise in [(12, 2, 3, 0.5), (60, 4, 4, 0.2), (60, 5, 3, 0.9), (200, 6, 9, 0.3), (200, 1, 4, 0.0), (40, 3, 3, 0.0)]:
    a = rng.integers(0, p, n)
    b = np.where(rng.random(n) < noise, rng.integers(0, q, n), (a * 7 + 2) % q)
    # Labels without a gap, as clusterings have them.
    a, b = (np.unique(labels, return_inverse=True)[1] for labels in (a, b))
    table = contingency_matrix(a, b)
    rows, columns = linear_sum_assignment(table, maximize=True)
    pairs.append({
        "a": a.tolist(),
        "b": b.tolist(),
        "adjusted_rand": adjusted_rand_score(a, b),
        "staying": int(table[rows, columns].sum()),
    })
print(json.dumps(pairs))

"""Classical MDS of five things whose distances no plane holds, by numpy; the numbers stand in src/reduce/mds.rs."""

import itertools

import numpy as np

d = np.array(
    [
        [0.0, 3.0, 4.0, 5.0, 2.5],
        [3.0, 0.0, 5.0, 4.0, 2.0],
        [4.0, 5.0, 0.0, 3.5, 3.0],
        [5.0, 4.0, 3.5, 0.0, 4.5],
        [2.5, 2.0, 3.0, 4.5, 0.0],
    ]
)
n = len(d)
j = np.eye(n) - 1 / n
values, vectors = np.linalg.eigh(-0.5 * j @ d**2 @ j)
order = np.argsort(-values)
at = vectors[:, order[:2]] * np.sqrt(values[order[:2]])
at *= np.sign(at[np.abs(at).argmax(axis=0), [0, 1]])
pairs = list(itertools.combinations(range(n), 2))
shown = np.array([np.linalg.norm(at[a] - at[b]) for a, b in pairs])
given = np.array([d[a, b] for a, b in pairs])
print("at", at.tolist())
print("held", values[order[:2]].sum() / np.abs(values).sum())
print("stress", np.sqrt(((given - shown) ** 2).sum() / (given**2).sum()))
print("worst", pairs[np.abs(given - shown).argmax()])

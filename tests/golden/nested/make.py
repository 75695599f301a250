"""Made-up customers, and their scores with nested binning, worked out with pandas and exact fractions.

python3 make.py writes customers.csv and expected.json beside it. A cut point is the type-7 quantile (numpy's "linear") as
a fraction, so that no rounding decides on which side of it a value lies; a value equal to a cut stays below it. Frequency
is cut among customers of the same recency score, monetary among those of the same recency and frequency score.
"""

import json
from fractions import Fraction
from pathlib import Path

import numpy as np
import pandas as pd

HERE = Path(__file__).parent


def cuts(values: pd.Series, n: int) -> list[Fraction]:
    v = [Fraction(x) for x in sorted(values)]
    out = []
    for i in range(1, n):
        at = Fraction(i * (len(v) - 1), n)
        low = at.numerator // at.denominator
        high = min(low + 1, len(v) - 1)
        out.append(v[low] + (v[high] - v[low]) * (at - low))
    return out


def score(values: pd.Series, n: int) -> pd.Series:
    points = cuts(values, n)
    return values.map(lambda x: 1 + sum(Fraction(x) > c for c in points))


def nested(t: pd.DataFrame, n: int) -> pd.DataFrame:
    out = pd.DataFrame(index=t.index)
    out["r"] = n + 1 - score(t.recency_days, n)
    out["f"] = t.groupby(out.r, group_keys=False).frequency.apply(lambda g: score(g, n))
    out["m"] = t.groupby([out.r, out.f], group_keys=False).monetary.apply(lambda g: score(g, n))
    return out


if __name__ == "__main__":
    rng = np.random.default_rng(20110612)
    n = 600
    activity = rng.gamma(1.2, 1.0, n)
    t = pd.DataFrame({
        "customer_id": [f"C{i:04}" for i in range(n)],
        "recency_days": np.minimum(rng.exponential(60 / (0.3 + activity)).astype(int), 365),
        "frequency": 1 + rng.poisson(activity * 1.5),
    })
    t["monetary"] = (t.frequency * rng.lognormal(3.0, 0.6, n)).round(2)
    # A tenth spends the very same.
    t.loc[::10, "monetary"] = 19.99
    t.to_csv(HERE / "customers.csv", index=False, lineterminator="\n")
    found = {}
    for bins in (3, 5, 10):
        s = nested(t, bins)
        by_r = {int(r): [float(c) for c in cuts(g, bins)] for r, g in t.frequency.groupby(s.r)}
        found[str(bins)] = {**{axis: s[axis].astype(int).tolist() for axis in "rfm"}, "frequency_cuts": by_r}
    (HERE / "expected.json").write_text(json.dumps(found, separators=(",", ":")) + "\n")

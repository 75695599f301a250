"""Who moved between which segments of UCI Online Retail, worked out with pandas and exact fractions.

python3 make.py PATH/OnlineRetail.csv writes expected.json beside it. Independent of the program: its own cleaning, its own
matching of cancellations, its own quantiles (type 7 as fractions) and its own copy of the grid.
"""

import json
import sys
from bisect import bisect_left
from collections import defaultdict
from fractions import Fraction
from pathlib import Path

import pandas as pd

GRID = {  # frequency score: segments of recency 1 to 5
    5: ["Can't Lose", "Can't Lose", "Loyal", "Loyal", "Champions"],
    4: ["At Risk", "At Risk", "Loyal", "Loyal", "Champions"],
    3: ["At Risk", "At Risk", "Need Attention", "Potential Loyalist", "Potential Loyalist"],
    2: ["Hibernating", "Hibernating", "About To Sleep", "Potential Loyalist", "Potential Loyalist"],
    1: ["Hibernating", "Hibernating", "About To Sleep", "Promising", "New"],
}


def read(path: str) -> pd.DataFrame:
    t = pd.read_csv(path, encoding="ISO-8859-1", dtype=str, keep_default_na=False)
    t = t[t.CustomerID != ""].copy()
    t["at"] = pd.to_datetime(t.InvoiceDate, format="%m/%d/%Y %H:%M")
    t["quantity"] = t.Quantity.astype(int)
    # Money in thousandths, exactly.
    price = t.UnitPrice.map(lambda p: int(Fraction(p) * 1000))
    t["money"] = t.quantity * price
    t["cancelled"] = t.InvoiceNo.str.match(r"C\d+$")
    t["back"] = t.cancelled | (t.quantity <= 0) | (price <= 0)
    return t


def matched(t: pd.DataFrame) -> pd.DataFrame:
    """Cancellations take away the latest earlier purchase of the same customer, product and quantity."""
    returned = t.cancelled | (t.quantity < 0)
    groups = defaultdict(lambda: ([], []))
    for row in t.assign(returned=returned).itertuples():
        groups[row.CustomerID, row.StockCode, abs(row.quantity)][row.returned].append((row.at, abs(row.money), row.Index))
    gone = set()
    for bought, back in groups.values():
        bought.sort()
        for at, _, index in sorted(back):
            place = bisect_left(bought, (at,)) - 1
            if place >= 0:
                gone |= {index, bought.pop(place)[2]}
    return t[~t.index.isin(gone) & ~t.back]


def cuts(values: pd.Series) -> list[Fraction]:
    v = [Fraction(x) for x in sorted(values)]
    out = []
    for i in range(1, 5):
        at = Fraction(i * (len(v) - 1), 5)
        low = at.numerator // at.denominator
        out.append(v[low] + (v[min(low + 1, len(v) - 1)] - v[low]) * (at - low))
    return out


def score(values: pd.Series) -> pd.Series:
    points = cuts(values)
    return values.map(lambda x: 1 + sum(x > c for c in points))


def known(t: pd.DataFrame, policy: str, day: str) -> pd.DataFrame:
    """Rows that count on a day."""
    t = t[t["at"] < pd.Timestamp(day) + pd.Timedelta(days=1)]
    if policy == "drop":
        t = t[~t.back]
    elif policy == "match":
        t = matched(t)
    return t


def segments(t: pd.DataFrame, policy: str, day: str, window: int | None) -> pd.DataFrame:
    end = pd.Timestamp(day)
    t = known(t, policy, day)
    if window is not None:
        t = t[t["at"].dt.normalize() >= end - pd.Timedelta(days=window)]
    bought = t[~t.back]
    out = pd.DataFrame({
        "recency": (end - bought.groupby("CustomerID")["at"].max().dt.normalize()).dt.days,
        "frequency": bought.groupby("CustomerID").InvoiceNo.nunique(),
    })
    out["money"] = t.groupby("CustomerID").money.sum()
    out = out[out.money > 0]
    r, f = 6 - score(out.recency), score(out.frequency)
    out["segment"] = [GRID[b][a - 1] for a, b in zip(r, f)]
    return out


def moves(t: pd.DataFrame, policy: str, days: tuple[str, str], window: int | None) -> list:
    before, after = (segments(t, policy, day, window) for day in days)
    both = before.join(after, how="outer", suffixes=("_before", "_after"))
    there = known(t, policy, days[0])
    seen = both.index.isin(there[~there.back].CustomerID)
    both["from"] = both.segment_before.fillna(pd.Series(seen, both.index).map({True: "(inactive)", False: "(new)"}))
    both["to"] = both.segment_after.fillna("(gone)")
    both["money"] = both.money_after.fillna(both.money_before)
    cells = both.groupby(["from", "to"]).money.agg(["size", "sum"])
    return [[*pair, int(n), int(money) / 1000] for pair, (n, money) in zip(cells.index, cells.to_numpy())]


if __name__ == "__main__":
    table = read(sys.argv[1])
    found = []
    for policy, days, window in [
        ("drop", ("2011-06-10", "2011-12-10"), None),
        ("net", ("2011-06-10", "2011-12-10"), None),
        ("match", ("2011-06-10", "2011-12-10"), None),
        ("net", ("2011-03-31", "2011-09-30"), 90),
        ("match", ("2011-03-31", "2011-09-30"), 90),
    ]:
        cells = moves(table, policy, days, window)
        found.append({"returns": policy, "from": days[0], "to": days[1], "window": window, "cells": cells})
        print(policy, days, window, sum(c[2] for c in cells), sum(c[3] for c in cells))
    text = ",\n".join(json.dumps(f, separators=(",", ":"), ensure_ascii=False) for f in found)
    (Path(__file__).parent / "expected.json").write_text(f"[{text}]\n")

"""What pandas 3.1 says about UCI Online Retail: writes online_retail.json beside this file. Numbers only.

    python3 make.py OnlineRetail.csv

Kept are rows with a customer, no cancelled invoice, and a quantity and price above zero (the policy "drop").
"""

import json
import sys
from pathlib import Path

import numpy as np
import pandas as pd

raw = pd.read_csv(
    sys.argv[1],
    encoding="latin-1",
    dtype={"InvoiceNo": str, "StockCode": str, "Description": str, "Country": str},
    keep_default_na=False,
    na_values={"Quantity": [""], "UnitPrice": [""], "CustomerID": [""], "Description": ["", "?"]},
)
raw["Description"] = raw["Description"].where(raw["Description"].str.strip() != "")
raw["InvoiceDate"] = pd.to_datetime(raw["InvoiceDate"], format="%m/%d/%Y %H:%M")
kept = raw[
    raw.CustomerID.notna() & ~raw.InvoiceNo.str.startswith("C") & (raw.Quantity > 0) & (raw.UnitPrice > 0)
].copy()
kept["row_amount"] = kept.Quantity * kept.UnitPrice


def numbers(s):
    return {
        "count": int(s.count()),
        "missing": int(s.isna().sum()),
        "distinct": int(s.nunique()),
        "mean": s.mean(),
        "sd": s.std(),
        "min": s.min(),
        "q25": s.quantile(0.25),
        "median": s.quantile(0.5),
        "q75": s.quantile(0.75),
        "max": s.max(),
        "skew": s.skew(),
        "sum": s.sum(),
    }


def words(s):
    counts = s.value_counts()
    top = sorted(counts[counts == counts.max()].index)[0]
    return {
        "count": int(s.count()),
        "missing": int(s.isna().sum()),
        "distinct": int(s.nunique()),
        "top": [top, int(counts.max())],
    }


def histogram(s, bins):
    counts, edges = np.histogram(s, bins=bins)
    return {"bins": bins, "edges": edges.tolist(), "counts": counts.tolist()}


def logarithmic(s, bins):
    s = s[s > 0]
    edges = np.geomspace(s.min(), s.max(), bins + 1)
    edges[0], edges[-1] = s.min(), s.max()
    return {"bins": bins, "edges": edges.tolist(), "counts": np.histogram(s, edges)[0].tolist()}


def days(s):
    return (s - pd.Timestamp("1970-01-01")) / pd.Timedelta(days=1)


out = {"file": {}, "transactions": {}, "customers": {}}
for name, table in [("file", raw), ("transactions", kept)]:
    of = out[name]
    of["numbers"] = {c: numbers(table[c]) for c in ["Quantity", "UnitPrice"]}
    of["numbers"]["InvoiceDate"] = numbers(days(table.InvoiceDate))
    of["words"] = {c: words(table[c]) for c in ["InvoiceNo", "StockCode", "Description", "Country"]}
    of["histograms"] = {c: [histogram(table[c], b) for b in [10, 37, 200]] for c in ["Quantity", "UnitPrice"]}
    of["logarithmic"] = {c: logarithmic(table[c], 25) for c in ["Quantity", "UnitPrice"]}
    columns = ["Quantity", "UnitPrice"] + (["row_amount"] if name == "transactions" else [])
    of["correlations"] = {
        m: table[columns].corr(m).to_numpy().tolist() for m in ["pearson", "spearman"]
    }
    of["columns"] = columns
out["transactions"]["numbers"]["row_amount"] = numbers(kept.row_amount)

snapshot = pd.Timestamp("2011-12-10")
by = kept.groupby("CustomerID")
customers = pd.DataFrame(
    {
        "recency_days": by.InvoiceDate.max().dt.normalize().rsub(snapshot).dt.days,
        "frequency": by.InvoiceNo.nunique(),
        # Equal sums are equal numbers: without the rounding their last digits would depend on the order of rows.
        "monetary": by.row_amount.sum().round(6),
    }
)
of = out["customers"]
of["numbers"] = {c: numbers(customers[c].astype(float)) for c in customers}
of["columns"] = list(customers)
of["correlations"] = {m: customers.corr(m).to_numpy().tolist() for m in ["pearson", "spearman"]}

countries = kept.groupby("Country")
out["countries"] = {
    "rows": countries.size().to_dict(),
    "customers": countries.CustomerID.nunique().to_dict(),
    "orders": countries.InvoiceNo.nunique().to_dict(),
    "revenue": countries.row_amount.sum().to_dict(),
}
monthly = kept.groupby(kept.InvoiceDate.dt.to_period("M"))
weekly = kept.groupby(kept.InvoiceDate.dt.to_period("W-SUN"))
daily = kept.groupby(kept.InvoiceDate.dt.normalize())
every_day = pd.date_range(kept.InvoiceDate.min().normalize(), kept.InvoiceDate.max().normalize())


def timeline(groups, index=None):
    def column(s):
        return (s if index is None else s.reindex(index, fill_value=0)).tolist()

    return {
        "rows": column(groups.size()),
        "revenue": column(groups.row_amount.sum()),
        "orders": column(groups.InvoiceNo.nunique()),
        "customers": column(groups.CustomerID.nunique()),
    }


out["month"] = timeline(monthly)
every_week = pd.period_range(kept.InvoiceDate.min(), kept.InvoiceDate.max(), freq="W-SUN")
out["week"] = timeline(weekly, every_week)
out["day"] = timeline(daily, every_day)

slots = [kept.InvoiceDate.dt.day_of_week, kept.InvoiceDate.dt.hour]
grid = pd.MultiIndex.from_product([range(7), range(6, 21)])
hours = kept.groupby(slots)
out["week_hours"] = {
    "first_hour": 6,
    "hours": 15,
    "rows": hours.size().reindex(grid, fill_value=0).tolist(),
    "revenue": hours.row_amount.sum().reindex(grid, fill_value=0).tolist(),
    "orders": hours.InvoiceNo.nunique().reindex(grid, fill_value=0).tolist(),
    "customers": hours.CustomerID.nunique().reindex(grid, fill_value=0).tolist(),
}

month = kept.InvoiceDate.dt.year * 12 + kept.InvoiceDate.dt.month
first = month.groupby(kept.CustomerID).transform("min")
cells = kept.groupby([first - month.min(), month - first])
triangle = [(c, s) for c in range(13) for s in range(13 - c)]
out["cohorts"] = {
    "cells": triangle,
    "customers": cells.CustomerID.nunique().reindex(triangle, fill_value=0).tolist(),
    "revenue": cells.row_amount.sum().reindex(triangle, fill_value=0).tolist(),
}

money = customers.monetary.sort_values(ascending=False).to_numpy()
n = len(money)
k = 0.2 * n
whole = int(k)
rank = np.arange(1, n + 1)
out["pareto"] = {
    "best_20_percent": (money[:whole].sum() + money[whole] * (k - whole)) / money.sum(),
    "gini": float(((2 * rank - n - 1) * money[::-1]).sum() / (n * money.sum())),
}

price = kept.UnitPrice
q25, q75 = price.quantile([0.25, 0.75])
mad = (price - price.median()).abs().median()
far_in_group = 0
small = 0
for _, group in kept.groupby("Country").row_amount:
    if len(group) < 10:
        small += 1
        continue
    away = (group - group.median()).abs()
    scale = away.median() / 0.6745 if away.median() > 0 else away.mean() * 1.253314
    far_in_group += int((away > 3.5 * scale).sum())
out["outliers"] = {
    "iqr": int(((price < q25 - 1.5 * (q75 - q25)) | (price > q75 + 1.5 * (q75 - q25))).sum()),
    "robust_z": int((0.6745 * (price - price.median()).abs() / mad > 3.5).sum()),
    "by_country": far_in_group,
    "small_countries": small,
}
lacking = pd.DataFrame({"Description": raw.Description.isna(), "CustomerID": raw.CustomerID.isna()})
out["missing"] = {
    "columns": lacking.sum().to_dict(),
    "patterns": {
        " and ".join(c for c, lacks in zip(lacking, key) if lacks) or "nothing missing": int(n)
        for key, n in lacking.value_counts().items()
    },
}
boxes = {}
for country in ["United Kingdom", "Germany"]:
    v = kept[kept.Country == country].row_amount
    q1, q3 = v.quantile([0.25, 0.75])
    inside = v[(v >= q1 - 1.5 * (q3 - q1)) & (v <= q3 + 1.5 * (q3 - q1))]
    boxes[country] = {
        "quartiles": v.quantile([0.25, 0.5, 0.75]).tolist(),
        "whiskers": [inside.min(), inside.max()],
        "mean": v.mean(),
        "beyond": int(len(v) - len(inside)),
    }
out["boxes"] = boxes

path = Path(__file__).with_name("online_retail.json")
path.write_text(json.dumps(out, default=lambda number: number.item()) + "\n")
print(path, pd.__version__, np.__version__)

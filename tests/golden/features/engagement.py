"""Engagement features of UCI Online Retail by pandas: expected.json.

Run as `python3 engagement.py OnlineRetail.csv > engagement.json`. Written from the definitions alone, without the
program: pandas 3.1, numpy. Returns reduce money and are no purchases (policy "net"); customers without a purchase or
with a net spend of zero or less are set aside; snapshot 2011-12-10, all rows count.
"""

import json
import sys

import numpy as np
import pandas as pd

df = pd.read_csv(sys.argv[1], encoding="latin-1", dtype={"InvoiceNo": str, "StockCode": str, "CustomerID": str})
df = df[df.CustomerID.notna()].copy()
df["CustomerID"] = df.CustomerID.str.replace(r"\.0$", "", regex=True)
df["when"] = pd.to_datetime(df.InvoiceDate, format="%m/%d/%Y %H:%M")
df["day"] = df.when.dt.normalize()
df["cents"] = (df.Quantity * (df.UnitPrice * 1000).round().astype("int64")).astype("int64")  # thousandths
cancelled = df.InvoiceNo.str.match(r"^[Cc]\d+$")
bought = ~cancelled & (df.Quantity > 0) & (df.UnitPrice > 0)
df.loc[cancelled, "cents"] = -df.loc[cancelled, "cents"].abs()
snapshot = df.day.max() + pd.Timedelta(days=1)

net = df.groupby("CustomerID").cents.sum()
p = df[bought]
keep = net.index[net > 0].intersection(p.CustomerID.unique())
df, p = df[df.CustomerID.isin(keep)], p[p.CustomerID.isin(keep)]
returns = df[~bought.reindex(df.index)]
g = p.groupby("CustomerID")

out = pd.DataFrame(index=sorted(keep, key=int))
money, baskets = g.cents.sum() / 1000, g.InvoiceNo.nunique()
out["avg_basket_value"] = money / baskets
out["items_per_basket"] = g.Quantity.sum() / baskets
out["distinct_products"] = g.StockCode.apply(lambda s: s.str.strip().nunique())
days = p.drop_duplicates(["CustomerID", "day"]).sort_values(["CustomerID", "day"])
gaps = days.groupby("CustomerID").day.diff().dt.days
by = gaps.groupby(days.CustomerID)
out["days_between_mean"] = by.mean()
out["days_between_sd"] = by.std(ddof=1)
out["purchase_span_days"] = (g.day.max() - g.day.min()).dt.days
out["tenure_days"] = (snapshot - g.day.min()).dt.days
out["active_months"] = g.day.apply(lambda d: d.dt.to_period("M").nunique())
out["return_rate"] = (-(returns.groupby("CustomerID").cents.sum() / 1000)).reindex(out.index).fillna(0) / money
full = pd.read_csv(sys.argv[1], encoding="latin-1", usecols=["InvoiceDate", "CustomerID"])
full = pd.to_datetime(full[full.CustomerID.notna()].InvoiceDate, format="%m/%d/%Y %H:%M").dt.normalize()
first = full.min()
later = p[(p.day - first) * 2 > (snapshot - first)]
recent = (later.groupby("CustomerID").cents.sum() / 1000).reindex(out.index).fillna(0)
out["spend_trend"] = (recent - (money - recent)) / money


def favourite(series):
    counts = series.value_counts()
    return sorted(counts.index[counts == counts.max()])[0]


out["favourite_product"] = g.StockCode.apply(lambda s: favourite(s.str.strip()))
names = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
basket = p.groupby(["CustomerID", "InvoiceNo"]).day.min().dt.dayofweek
out["favourite_weekday"] = basket.groupby("CustomerID").apply(favourite).map(lambda d: names[d])

words = ["favourite_product", "favourite_weekday"]
numbers = [c for c in out.columns if c not in words]
result = {
    "origin": "tests/golden/features/engagement.py, pandas " + pd.__version__,
    "customers": len(out),
    "features": {
        c: {
            "count": int(out[c].notna().sum()),
            "mean": float(out[c].mean()),
            "sd": float(out[c].std(ddof=0)),
            "min": float(out[c].min()),
            "median": float(out[c].median()),
            "max": float(out[c].max()),
        }
        for c in numbers
    },
    "words": {c: {k: int(v) for k, v in out[c].value_counts().sort_index(key=lambda i: i).head(400).items()} for c in words},
    "some": {
        i: {c: (None if isinstance(v, float) and np.isnan(v) else (v if isinstance(v, str) else float(v))) for c, v in out.loc[i].items()}
        for i in ["12347", "12348", "12349", "12583", "13813", "14646", "14911", "15311", "16446", "17841", "18102", "18287"]
        if i in out.index
    },
}
json.dump(result, sys.stdout, indent=1)
print()

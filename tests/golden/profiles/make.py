"""Three groups of the customers of UCI Online Retail, described with pandas.

Usage: python3 make.py OnlineRetail.csv > expected.json

Rows without a customer are dropped. A row is a return when its invoice begins with C or its quantity or price is zero
or less; returns reduce what a customer spent and count for nothing else (policy "net"). Customers without a purchase
or with a net spend of zero or less are set aside. Snapshot 2011-12-10. The groups are made by hand, so that they do not
depend on any clustering: who spent 2,000 or more, of the others who bought once, and the rest. Quartiles are numpy's
default (type 7); differences are z-scores (ddof 0) of log1p; money is added up as decimals.
"""

import json
import sys
from decimal import Decimal

import numpy as np
import pandas as pd

text = pd.read_csv(sys.argv[1], encoding="latin-1", dtype=str, keep_default_na=False)
text = text[text.CustomerID.str.strip() != ""]
rows = pd.DataFrame({
    "customer": text.CustomerID.str.strip(),
    "invoice": text.InvoiceNo,
    "StockCode": text.StockCode.str.strip(),
    "Country": text.Country.str.strip(),
    "day": pd.to_datetime(text.InvoiceDate, format="%m/%d/%Y %H:%M").dt.normalize(),
    "quantity": text.Quantity.astype(int),
    "price": text.UnitPrice.map(Decimal),
})
rows["Weekday"] = rows.day.dt.day_name()
rows["amount"] = [q * p for q, p in zip(rows.quantity, rows.price)]
rows["bought"] = ~rows.invoice.str.startswith("C") & (rows.quantity > 0) & (rows.price > 0)
snapshot = pd.Timestamp("2011-12-10")

bought = rows[rows.bought]
table = pd.DataFrame({
    "recency_days": (snapshot - bought.groupby("customer").day.max()).dt.days,
    "frequency": bought.groupby("customer").invoice.nunique(),
})
table["monetary"] = rows.groupby("customer").amount.sum()
table = table[table.monetary > 0]
table["group"] = np.where(table.monetary >= 2000, 0, np.where(table.frequency == 1, 1, 2))
rows = rows[rows.customer.isin(table.index)].copy()
rows["group"] = rows.customer.map(table.group)
rows["month"] = rows.day.dt.to_period("M")
months = pd.period_range(rows.month.min(), rows.month.max(), freq="M")
everything = rows.amount.sum()


def tops(own, column):
    usual = rows.groupby(column).amount.sum()
    spent = own.groupby(column).amount.sum()
    customers = own[own.bought].groupby(column).customer.nunique()
    there = [(name, spent[name], int(n)) for name, n in customers.items()]
    leading = sorted((t for t in there if t[1] > 0), key=lambda t: (-t[1], t[0]))[:10]
    if column == "Weekday":
        order = list(pd.date_range("2024-01-01", periods=7).day_name())
        leading.sort(key=lambda t: (-t[1], order.index(t[0])))
    out = []
    for name, amount, n in leading:
        share = float(amount / own.amount.sum())
        out.append([name, float(amount), n, share, share / float(usual[name] / everything)])
    return {"list": out, "others": len(there) - len(out)}


groups = []
for group in range(3):
    members, own = table[table.group == group], rows[rows.group == group]
    features = {}
    for name in ["recency_days", "frequency", "monetary"]:
        everyone, values = table[name].astype(float), members[name].astype(float)
        q1, median, q3 = np.quantile(values, [0.25, 0.5, 0.75])
        z = (np.log1p(values).mean() - np.log1p(everyone).mean()) / np.log1p(everyone).std(ddof=0)
        features[name] = [q1, median, q3, values.mean(), z]
    spent = own.groupby("month").amount.sum()
    groups.append({
        "customers": len(members),
        "revenue": float(members.monetary.sum()),
        "features": features,
        "tops": {column: tops(own, column) for column in ["StockCode", "Country", "Weekday"]},
        "months": [float(spent.get(month, Decimal(0))) for month in months],
    })

print(json.dumps({
    "customers": len(table),
    "revenue": float(table.monetary.sum()),
    "months": [str(month) for month in months],
    "first_day": str(rows.day.min().date()),
    "last_day": str(rows.day.max().date()),
    "groups": groups,
}))

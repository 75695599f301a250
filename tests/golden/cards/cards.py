"""Cards of single customers of UCI Online Retail, worked out with pandas.

Usage: python3 cards.py OnlineRetail.csv > cards.json

Rows without a customer are dropped. A row is a return when its invoice begins with C or its quantity or price is zero
or less; returns reduce what a customer spent and count for nothing else (policy "net"). Customers without a purchase
or with a net spend of zero or less are set aside. Snapshot 2011-12-10. Scores: numpy's default quantiles (type 7) at
0.2, 0.4, 0.6 and 0.8; a value equal to a cut point belongs to the lower bin; recency reversed. What would lift a
customer is found by trying: one day, one order, one cent after the other.
"""

import json
import sys
from decimal import Decimal

import numpy as np
import pandas as pd

IDS = ["12347", "12350", "14911", "16446", "17841", "12748", "15311", "18287"]
GRID = {  # recency score 1 to 5 per frequency score, as in assets/segments
    5: ["Can't Lose", "Can't Lose", "Loyal", "Loyal", "Champions"],
    4: ["At Risk", "At Risk", "Loyal", "Loyal", "Champions"],
    3: ["At Risk", "At Risk", "Need Attention", "Potential Loyalist", "Potential Loyalist"],
    2: ["Hibernating", "Hibernating", "About To Sleep", "Potential Loyalist", "Potential Loyalist"],
    1: ["Hibernating", "Hibernating", "About To Sleep", "Promising", "New"],
}

text = pd.read_csv(sys.argv[1], encoding="latin-1", dtype=str)
text = text[text.CustomerID.notna()]
rows = pd.DataFrame({
    "customer": text.CustomerID.str.strip(),
    "invoice": text.InvoiceNo,
    "product": text.StockCode.str.strip(),
    "day": pd.to_datetime(text.InvoiceDate, format="%m/%d/%Y %H:%M").dt.normalize(),
    "quantity": text.Quantity.astype(int),
    "price": text.UnitPrice.map(Decimal),
})
rows["amount"] = [q * p for q, p in zip(rows.quantity, rows.price)]
rows["bought"] = ~rows.invoice.str.startswith("C") & (rows.quantity > 0) & (rows.price > 0)
snapshot = pd.Timestamp("2011-12-10")

bought = rows[rows.bought]
table = pd.DataFrame({
    "recency": (snapshot - bought.groupby("customer").day.max()).dt.days,
    "frequency": bought.groupby("customer").invoice.nunique(),
})
table["monetary"] = rows.groupby("customer").amount.sum()
table = table[table.monetary > 0]
values = {name: table[name].astype(float) for name in table}
cuts = {name: np.quantile(v, [0.2, 0.4, 0.6, 0.8]) for name, v in values.items()}


def score(name, value):
    above = int((value > cuts[name]).sum())
    return 5 - above if name == "recency" else above + 1


def next_value(name, value):
    """The nearest value with a higher score; None where there is none."""
    now, step = score(name, value), {"recency": -1, "frequency": 1, "monetary": Decimal("0.01")}[name]
    at = Decimal(str(value)).quantize(Decimal("0.01")) if name == "monetary" else value
    while -1 < at < 100000:
        if score(name, float(at)) > now:
            return float(at)
        at += step
    return None


cards = {}
for customer in IDS:
    own, row = rows[rows.customer == customer], table.loc[customer]
    purchases = own[own.bought]
    products = own.groupby("product").agg(amount=("amount", "sum"), pieces=("quantity", "sum"))
    scores = {name: score(name, float(row[name])) for name in table}
    raises = {name: next_value(name, row[name]) for name in table}
    cards[customer] = {
        "groups": int(own.invoice.nunique()),
        "lines": len(own),
        "purchases": int(purchases.invoice.nunique()),
        "first": str(purchases.day.min().date()),
        "last": str(purchases.day.max().date()),
        "bought": float(purchases.amount.sum()),
        "returned": float(own[~own.bought].amount.sum() if (~own.bought).any() else 0),
        "net": float(own.amount.sum()),
        "products": len(products),
        "by_money": [[p, float(a)] for p, a in products.amount.sort_values(ascending=False).head(3).items()],
        "by_pieces": [[p, int(n)] for p, n in products.pieces.sort_values(ascending=False).head(1).items()],
        "values": [float(row[name]) for name in table],
        "lower": [float((v < v[customer]).mean()) for v in values.values()],
        "higher": [float((v > v[customer]).mean()) for v in values.values()],
        "scores": [scores[name] for name in table],
        "segment": GRID[scores["frequency"]][scores["recency"] - 1],
        "raises": [raises[name] for name in table],
    }
print(json.dumps({"customers": len(table), "cuts": {n: c.tolist() for n, c in cuts.items()}, "cards": cards}, indent=1))

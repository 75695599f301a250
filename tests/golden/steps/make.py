"""Makes dirty.csv and expected.json: a small file with missing values, ties and dirt in its text, and what pandas and
NumPy make of it. Run in this folder: python3 make.py (pandas 3.1, NumPy 2.x)."""

import json

import numpy as np
import pandas as pd

rng = np.random.default_rng(20111210)
N = 240
cities = ["Paris", "paris", " Paris ", "New York", "NEW  YORK", "Lyon", "Łódź", "Köln", "KÖLN", "", "NA", "-"]
status = ["completed", "Completed", "pending", "cancelled", "returned"]
price = np.round(rng.gamma(2.0, 7.0, N), 2)
price[rng.integers(0, N, 30)] = 4.95  # ties
price[rng.integers(0, N, 4)] = [250.0, 312.5, -40.0, 199.99]
quantity = rng.integers(1, 13, N)
day = pd.Timestamp("2011-01-01") + pd.to_timedelta(rng.integers(0, 120, N), "D")
moment = pd.Timestamp("2011-01-01") + pd.to_timedelta(rng.permutation(np.arange(N)) * 37 + 11, "min")
frame = pd.DataFrame(
    {
        "row": np.arange(N),
        "customer": rng.integers(100, 140, N),
        "date": day.strftime("%Y-%m-%d"),
        "moment": moment.strftime("%Y-%m-%d %H:%M:%S"),
        "city": rng.choice(cities, N),
        "status": rng.choice(status, N, p=[0.5, 0.1, 0.2, 0.1, 0.1]),
        "quantity": quantity.astype(object),
        "price": [f"{p:.2f}" for p in price],
        "comma": [f"{p:,.2f}".translate(str.maketrans(",.", ".,")) for p in price * 137.0],
    }
)
for column, tokens in [("price", ["", "NA", "n/a", "-"]), ("quantity", ["", "NULL"])]:
    for row in rng.choice(N, 25, replace=False):
        frame.loc[row, column] = rng.choice(tokens)
frame.loc[[0, 1], "price"] = ""  # nothing above to fill with
frame = pd.concat([frame, frame.iloc[[5, 17, 5]]], ignore_index=True)  # equal in every column
frame.to_csv("dirty.csv", index=False)

missing = ["", "NA", "n/a", "-", "NULL", " "]
data = pd.read_csv("dirty.csv", keep_default_na=False, na_values=missing)
text = pd.read_csv("dirty.csv", keep_default_na=False, dtype=str)
price, quantity, city = data["price"], data["quantity"], data["city"]
moment, date = pd.to_datetime(data["moment"]), pd.to_datetime(data["date"])


def values(series):
    return [None if pd.isna(v) else v for v in series.tolist()]


def rows(mask):
    return np.flatnonzero(np.asarray(mask)).tolist()


def along(when, series):
    """pandas's interpolate(method="time") on one row per moment, looked up for every row."""
    known = series.groupby(when).mean()
    line = known.interpolate(method="time")
    return series.fillna(when.map(line))


unique = data.drop_duplicates(subset="moment").set_index(pd.to_datetime(data.drop_duplicates(subset="moment")["moment"]))
direct = unique["price"].sort_index().interpolate(method="time")
assert np.allclose(along(moment, price).to_numpy(), moment.map(direct).to_numpy(), equal_nan=True)

q1, q3 = price.quantile(0.25), price.quantile(0.75)
iqr = (q1 - 1.5 * (q3 - q1), q3 + 1.5 * (q3 - q1))
z = (price.mean() - 2.5 * price.std(ddof=0), price.mean() + 2.5 * price.std(ddof=0))
percentile = (price.quantile(0.05), price.quantile(0.95))
expected = {
    "mean": values(price.fillna(price.mean())),
    "median": values(price.fillna(price.median())),
    "quantity_median": values(quantity.fillna(quantity.median())),
    "mode": values(price.fillna(price.mode()[0])),
    "quantity_mode": values(quantity.fillna(quantity.mode()[0])),
    "city_mode": values(city.fillna(city.mode()[0])),
    "previous": values(price.ffill()),
    "city_previous": values(city.ffill()),
    "along_moment": values(along(moment, price)),
    "along_date": values(along(date, price)),
    "drop_row": rows(price.notna()),
    "unique_all": rows(~text.duplicated()),
    "unique_first": rows(~text.duplicated(["city", "status"], keep="first")),
    "unique_last": rows(~text.duplicated(["city", "status"], keep="last")),
    "iqr_outliers": rows((price < iqr[0]) | (price > iqr[1])),
    "iqr_capped": values(price.clip(*iqr)),
    "z_outliers": rows((price < z[0]) | (price > z[1])),
    "z_capped": values(price.clip(*z)),
    "percentile_outliers": rows((price < percentile[0]) | (price > percentile[1])),
    "percentile_capped": values(price.clip(*percentile)),
    "comma": values(data["comma"].str.replace(".", "").str.replace(",", ".").astype(float)),
    "completed": rows(text["status"] == "completed"),
    "not_completed": rows(text["status"] != "completed"),
    "one_of": rows(text["status"].isin(["completed", "returned"])),
    "contains": rows(text["city"].str.contains("ar")),
    "not_contains": rows(~text["city"].str.contains("ar")),
    "matches": rows(text["city"].str.contains(r"^[A-Z]+ *[A-Z]*$")),
    "less": rows(price < 4.95),
    "less_or_equal": rows(price <= 4.95),
    "greater": rows(price > 4.95),
    "greater_or_equal": rows(price >= 4.95),
    "between": rows(price.between(4.95, 12)),
    "price_equals": rows(price == 4.95),
    "days_from_to": rows(moment.dt.normalize().between("2011-01-02", "2011-01-04")),
    "after_a_day": rows(moment >= "2011-01-03"),
    "missing": rows(city.isna()),
    "tidy_lower": values(city.str.strip().str.replace(r"\s+", " ", regex=True).str.lower()),
    "replaced": values(text["city"].str.replace(r"(\w)(\w)", r"\2\1", regex=True)),
    # One after the other: filter, then the mean of what is left.
    "mean_of_completed": values(
        price.where(~(price.isna() & (text["status"] == "completed")), price[text["status"] == "completed"].mean())[
            text["status"] == "completed"
        ]
    ),
}
with open("expected.json", "w", encoding="utf-8") as file:
    json.dump(expected, file, indent=None, ensure_ascii=False, separators=(",", ":"))
    file.write("\n")

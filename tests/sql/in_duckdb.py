"""Runs the queries in DuckDB, on columns of text as in the file and on typed ones, and the BigQuery and Spark queries
as sqlglot translates them. Usage: in_duckdb.py FOLDER ONLINE_RETAIL_CSV"""

import sys

from labels import compare, done, query, recipes, skip

try:
    import duckdb
except ImportError:
    skip("duckdb is not installed")
try:
    import sqlglot
except ImportError:
    sqlglot = None
    print("skipped: sqlglot is not installed, so that the other dialects are not parsed")

folder, data = sys.argv[1:3]
# Another encoding than UTF-8 is an extension that has to be downloaded: the text is re-written instead.
text = open(data, encoding="latin-1").read()
import os
import tempfile

handle = tempfile.NamedTemporaryFile("w", suffix=".csv", encoding="utf-8", delete=False, newline="")
handle.write(text)
handle.close()
source = f"read_csv('{handle.name}', header = true, delim = ',', quote = '\"', escape = '\"', all_varchar = true)"
good = []
for kind in ["text", "typed"]:
    base = duckdb.connect()
    if kind == "text":
        base.execute(f"CREATE TABLE transactions AS SELECT * FROM {source}")
    else:
        base.execute(f"""CREATE TABLE transactions AS SELECT InvoiceNo, StockCode, Description,
            CAST(Quantity AS BIGINT) AS Quantity, strptime(InvoiceDate, '%m/%d/%Y %H:%M') AS InvoiceDate,
            CAST(UnitPrice AS DOUBLE) AS UnitPrice, CAST(CustomerID AS DOUBLE) AS CustomerID, Country FROM {source}""")
    for name in recipes(folder):
        good.append(compare(folder, name, f"DuckDB on {kind} columns", base.execute(query(folder, name, "duckdb")).fetchall()))
        if sqlglot and kind == "typed":
            for dialect in ["postgres", "spark", "bigquery"]:
                asked = query(folder, name, dialect)
                parsed = sqlglot.parse(asked, read=dialect)
                assert len(parsed) == 1, (name, dialect)
                # DuckDB knows no fields of unnested records without a name, which the table of ranks is made of.
                if dialect == "bigquery" and name != "rank":
                    # A FLOAT64 literal of BigQuery is a decimal in DuckDB, which can be too long.
                    for number in parsed[0].find_all(sqlglot.exp.Literal):
                        if not number.is_string and "." in number.name:
                            number.replace(sqlglot.parse_one(f"CAST('{number.name}' AS DOUBLE)", read="duckdb"))
                    translated = parsed[0].sql(dialect="duckdb")
                    good.append(compare(folder, name, "BigQuery by way of DuckDB", base.execute(translated).fetchall()))
os.remove(handle.name)
done(good)

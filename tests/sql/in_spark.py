"""Runs the queries in Spark. Usage: in_spark.py FOLDER ONLINE_RETAIL_CSV"""

import shutil
import sys

from labels import compare, done, query, recipes, skip

try:
    from pyspark.sql import SparkSession
except ImportError:
    skip("pyspark is not installed")
if not shutil.which("java"):
    skip("Spark needs a Java runtime")

folder, data = sys.argv[1:3]
settings = {"spark.ui.enabled": "false", "spark.sql.shuffle.partitions": "2", "spark.driver.memory": "2g",
            "spark.log.level": "ERROR", "spark.driver.bindAddress": "127.0.0.1", "spark.driver.host": "127.0.0.1"}
builder = SparkSession.builder.master("local[2]")
for key, value in settings.items():
    builder = builder.config(key, value)
spark = builder.getOrCreate()
rows = spark.read.csv(data, header=True, encoding="ISO-8859-1", quote='"', escape='"')
rows.createOrReplaceTempView("texts")
typed = spark.sql("""SELECT InvoiceNo, StockCode, Description, CAST(Quantity AS INT) AS Quantity,
    TO_TIMESTAMP(InvoiceDate, 'M/d/yyyy H:mm') AS InvoiceDate, CAST(UnitPrice AS DOUBLE) AS UnitPrice,
    CAST(CustomerID AS INT) AS CustomerID, Country FROM texts""")
good = []
for kind, table in [("typed", typed), ("text", rows)]:
    table.cache().createOrReplaceTempView("transactions")
    for name in recipes(folder):
        if kind == "text" and name not in ("default", "match", "steps"):
            continue
        # Spark takes no semicolon here.
        found = spark.sql(query(folder, name, "spark").rstrip().rstrip(";")).collect()
        good.append(compare(folder, name, f"Spark on {kind} columns", found))
spark.stop()
done(good)

"""Runs the queries in a PostgreSQL cluster of its own, in a folder for temporary files and as a user who is not root.
Usage: in_postgres.py FOLDER ONLINE_RETAIL_CSV"""

import csv
import glob
import io
import os
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

from labels import compare, done, recipes, skip

folder, data = sys.argv[1:3]
programs = sorted(glob.glob("/usr/lib/postgresql/*/bin")) + [os.path.dirname(shutil.which("initdb") or "")]
needed = ["initdb", "pg_ctl", "psql"]
programs = [p for p in programs if p and all(os.path.exists(os.path.join(p, n)) for n in needed)]
if not programs:
    skip("PostgreSQL is not installed")
programs = programs[0]

place = tempfile.mkdtemp(prefix="quintile-pg-")
as_user = []
if os.geteuid() == 0:
    # PostgreSQL refuses to run as root; the package makes a user of its own.
    if not shutil.which("runuser"):
        skip("PostgreSQL cannot be started by root without runuser")
    shutil.chown(place, "postgres")
    as_user = ["runuser", "-u", "postgres", "--"]


def run(name, *args, **more):
    return subprocess.run([*as_user, os.path.join(programs, name), *args], check=True, cwd=place, **more)


# Queries are read by whoever runs the server.
queries = os.path.join(place, "queries")
shutil.copytree(folder, queries)
for root, folders, files in os.walk(queries):
    for name in folders + files:
        os.chmod(os.path.join(root, name), 0o755)
os.chmod(queries, 0o755)
cluster = os.path.join(place, "cluster")
quiet = {"stdout": subprocess.DEVNULL}
run("initdb", "-D", cluster, "-A", "trust", "-U", "tester", "--no-sync", "-E", "UTF8", "--locale=C", **quiet)
options = f"-k {place} -c listen_addresses='' -c fsync=off -c work_mem=128MB -c max_parallel_workers_per_gather=0"
run("pg_ctl", "-D", cluster, "-w", "-o", options, "-l", os.path.join(place, "log"), "start", **quiet)


def psql(*args, **more):
    asked = ["-X", "-q", "-h", place, "-U", "tester", "-v", "ON_ERROR_STOP=1", *args, "postgres"]
    return run("psql", *asked, text=True, capture_output=True, **more).stdout


good = []
try:
    columns = ["InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID", "Country"]
    listed = ", ".join(f'"{c}"' for c in columns)
    psql("-c", f"CREATE TABLE texts ({', '.join(f'{chr(34)}{c}{chr(34)} text' for c in columns)})")
    with open(data, encoding="latin-1", newline="") as file:
        psql("-c", "COPY texts FROM STDIN WITH (FORMAT csv, HEADER true)", input=file.read())
    typed = {"Quantity": "integer", "UnitPrice": "numeric", "CustomerID": "integer"}
    cells = [f'"{c}"::{typed[c]} AS "{c}"' if c in typed else f'"{c}"' for c in columns]
    cells[4] = "to_timestamp(\"InvoiceDate\", 'MM/DD/YYYY HH24:MI')::timestamp AS \"InvoiceDate\""
    psql("-c", f"CREATE TABLE numbers AS SELECT {', '.join(cells)} FROM texts")
    psql("-c", f"CREATE VIEW transactions AS SELECT {listed} FROM numbers")
    for kind in ["typed", "text"]:
        if kind == "text":
            psql("-c", f"DROP VIEW transactions; CREATE VIEW transactions AS SELECT {listed} FROM texts")
        names = [n for n in recipes(folder) if kind == "typed" or n in ("default", "match", "steps")]

        def labels(name):
            out = psql("--csv", "-t", "-f", os.path.join(queries, name, "segments.postgres.sql"))
            return compare(folder, name, f"PostgreSQL on {kind} columns", list(csv.reader(io.StringIO(out))))

        with ThreadPoolExecutor(os.cpu_count()) as pool:
            good += list(pool.map(labels, names))
except subprocess.CalledProcessError as error:
    print(error.stderr)
    good.append(False)
finally:
    run("pg_ctl", "-D", cluster, "-m", "immediate", "stop", **quiet)
    shutil.rmtree(place, ignore_errors=True)
done(good)

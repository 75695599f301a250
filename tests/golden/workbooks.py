"""Writes tests/golden/workbooks.json: the cells of small tables in calamine's test workbooks (MIT licence, Johann Tuffe
and contributors), as openpyxl reads them; numbers as repr without a trailing .0, dates in ISO form.

python3 tests/golden/workbooks.py "$QUINTILE_DATA/messy/workbooks" > tests/golden/workbooks.json    (openpyxl 3.1)
"""

import datetime
import json
import sys

import openpyxl

FILES = {
    "inventory-table.xlsx": "Sheet1",
    "readings.xlsx": "Sheet1",
    "temperature-fallible.xlsx": "Sheet1",
    "temperature-in-middle.xlsx": "Sheet1",
    "table_with_absolute_paths.xlsx": "table",
    "issue438.xlsx": "Sheet1",
    "inlineStr_with_value.xlsx": None,
}


def text(value):
    if value is None or (isinstance(value, str) and value.startswith("#")):
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float):
        return repr(value).removesuffix(".0")
    if isinstance(value, datetime.datetime):
        return value.isoformat(" ").removesuffix(" 00:00:00")
    return str(value)


out = {}
for name, sheet in FILES.items():
    book = openpyxl.load_workbook(f"{sys.argv[1]}/{name}", data_only=True)
    sheet = book[sheet] if sheet else book.worksheets[0]
    rows = [[text(c) for c in row] for row in sheet.iter_rows(values_only=True)]
    rows = [row for row in rows if any(row)]
    used = [i for i in range(len(rows[0])) if any(row[i] for row in rows)]
    rows = [[row[i] for i in used] for row in rows]
    out[name] = {"sheet": sheet.title, "names": rows[0], "rows": rows[1:4] + rows[-1:], "height": len(rows) - 1}
print(json.dumps(out, indent=1, ensure_ascii=False))

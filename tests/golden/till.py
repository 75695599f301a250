"""Writes tests/golden/till/: a workbook as a till would export it, in three formats. openpyxl writes it, LibreOffice
computes the formulas and saves it as .xlsx, .xls and .ods; the expected cells are in tests/workbooks.rs, written by hand.

python3 tests/golden/till.py tests/golden/till    (openpyxl 3.1, LibreOffice 7.4)
"""

import datetime
import subprocess
import sys
import tempfile

from openpyxl import Workbook
from openpyxl.styles import Font

folder = sys.argv[1]
book = Workbook()
cover = book.active
cover.title = "Cover"
cover["B2"] = "Sales report"
cover["B3"] = "Prepared by the till"
hidden = book.create_sheet("Lookup")
for i in range(50):
    hidden.append([i, f"code {i}", i * 2])
hidden.sheet_state = "hidden"
sheet = book.create_sheet("Sales")
sheet["B2"] = "Sales of December 2011"
sheet["B2"].font = Font(bold=True)
sheet["B3"] = "Printed on"
sheet["C3"] = datetime.date(2012, 1, 2)
# Two rows of names: "Money" stands over two columns, the others reach over both rows.
for cell, text in {"B5": "Customer", "C5": "Day", "D5": "Time", "E5": "Money", "E6": "Net", "F6": "Gross", "G5": "Paid", "H5": "Share"}.items():
    sheet[cell] = text
for area in ("B5:B6", "C5:C6", "D5:D6", "E5:F5", "G5:G6", "H5:H6"):
    sheet.merge_cells(area)
rows = [
    ("00017", datetime.datetime(2011, 12, 1, 8, 26), datetime.time(8, 26), 10, True),
    ("00018", datetime.datetime(2011, 12, 2), datetime.time(18, 5, 30), 2.55, False),
    ("00017", datetime.datetime(2011, 12, 24, 23, 59, 59), datetime.time(0, 0, 1), 17850, True),
    ("00020", datetime.datetime(2011, 12, 31), datetime.time(12, 0), 0.1, True),
]
for i, (customer, day, time, net, paid) in enumerate(rows):
    r = 7 + i
    sheet.cell(r, 2, customer).number_format = "@"
    sheet.cell(r, 3, day).number_format = "dd.mm.yyyy hh:mm"
    sheet.cell(r, 4, time).number_format = "hh:mm:ss"
    sheet.cell(r, 5, net)
    sheet.cell(r, 6, f"=E{r}*2")
    sheet.cell(r, 7, paid)
    sheet.cell(r, 8, f"=E{r}/(E{r}-10)")
sheet["B12"] = "Total"
sheet["E12"] = "=SUM(E7:E10)"
sheet["F12"] = "=SUM(F7:F10)"
sheet["B14"] = "Prices in pounds, without postage."
with tempfile.TemporaryDirectory() as work:
    book.save(f"{work}/till.xlsx")
    for extension in ("xlsx", "xls", "ods"):
        subprocess.run(
            ["soffice", "--headless", "--convert-to", extension, "--outdir", folder, f"{work}/till.xlsx"], check=True
        )

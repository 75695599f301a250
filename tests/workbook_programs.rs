//! The workbook as other programs see it: openpyxl reads it, LibreOffice opens it and prints it.

mod common;
#[path = "common/program.rs"]
mod program;

use std::path::{Path, PathBuf};
use std::process::Command;

use program::{json, ok, shop};
use serde_json::Value;

/// Whether a program can be run; says so where it cannot.
fn has(program: &str, args: &[&str]) -> bool {
    let there = Command::new(program).args(args).output().is_ok_and(|out| out.status.success());
    if !there {
        println!("skipped: {program} {} cannot be run", args.join(" "));
    }
    there
}

/// What openpyxl reads in a workbook.
const READ: &str = r#"
import json, sys, zipfile
import xml.etree.ElementTree as tree
from openpyxl import load_workbook
path = sys.argv[1]
with zipfile.ZipFile(path) as z:
    assert z.testzip() is None
    for name in z.namelist():
        if name.endswith(('.xml', '.rels')):
            tree.fromstring(z.read(name))
book = load_workbook(path)
out = {}
for sheet in book.worksheets:
    tables = {t.displayName: [t.ref, [c.name for c in t.tableColumns]] for t in sheet.tables.values()}
    here = {'tables': tables, 'charts': len(sheet._charts), 'rows': sheet.max_row, 'freeze': sheet.freeze_panes,
            'formats': sum(len(r.rules) for r in sheet.conditional_formatting),
            'formulas': sum(c.data_type == 'f' for row in sheet.iter_rows() for c in row),
            'links': [h.target for h in sheet._hyperlinks if h.target]}
    for ref, titles in tables.values():
        cells = sheet[ref]
        assert [c.value for c in cells[0]] == titles, ref
        ids = [row[0] for row in cells[1:]]
        here['ids'] = [c.value for c in ids]
        here['id_types'] = sorted({c.data_type for c in ids})
        here['types'] = {t: sorted({row[i].data_type for row in cells[1:]}) for i, t in enumerate(titles)}
        here['number_formats'] = {t: cells[1][i].number_format for i, t in enumerate(titles)}
        here['columns'] = {t: [str(row[i].value) for row in cells[1:]] for i, t in enumerate(titles)}
    here['texts'] = [[c.value for c in row] for row in sheet.iter_rows(max_row=min(sheet.max_row, 400), max_col=14)] \
        if not tables else []
    out[sheet.title] = here
json.dump(out, sys.stdout, default=str)
"#;

fn read(book: &Path) -> Value {
    let out = Command::new("python3").args(["-c", READ]).arg(book).output().unwrap();
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    serde_json::from_slice(&out.stdout).unwrap()
}

/// Sums of the figures on the sheet of segments called `sheet`, by title.
fn sums(seen: &Value, sheet: &str) -> Vec<(String, f64)> {
    let rows = seen[sheet]["texts"].as_array().unwrap();
    let header = rows.iter().find(|r| r[1] == "Segment" && r[2] == "Customers").unwrap();
    let total = rows.iter().find(|r| r[1] == "All").unwrap();
    let titled = header.as_array().unwrap().iter().zip(total.as_array().unwrap());
    titled.filter_map(|(title, sum)| Some((title.as_str()?.to_string(), sum.as_f64()?))).collect()
}

#[test]
fn openpyxl_reads_what_the_summary_says() {
    if !has("python3", &["-c", "import openpyxl"]) {
        return;
    }
    let mut files = vec![PathBuf::from(shop())];
    files.extend(common::shared("online_retail/OnlineRetail.csv"));
    files.extend(common::shared("tables/Mall_Customers.csv"));
    for file in files {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("out");
        ok(&["run", file.to_str().unwrap(), "--out", out.to_str().unwrap()]);
        let (seen, summary) = (read(&out.join("segments.xlsx")), json(out.join("summary.json")));
        agrees(&seen, &summary, &file);
    }
}

fn agrees(seen: &Value, summary: &Value, file: &Path) {
    let clusters = summary["clusters"].as_array().unwrap();
    let money = clusters[0]["revenue"].is_number();
    let sheets: Vec<&String> = seen.as_object().unwrap().keys().collect();
    for name in ["Summary", "Customers", "Method", "Data quality"] {
        assert!(sheets.iter().any(|s| *s == name), "{name} of {sheets:?}");
    }
    for (name, sheet) in seen.as_object().unwrap() {
        assert_eq!(sheet["formulas"], 0, "{name}");
        assert_eq!(sheet["links"].as_array().unwrap().len(), 0, "{name} links to places outside");
    }
    assert_eq!(seen["Summary"]["charts"], if money { 2 } else { 1 });
    assert!(seen["Summary"]["formats"].as_u64().unwrap() >= 2, "bars and a heat map");

    // Sums are those of the summary.
    let all = sums(seen, "Summary");
    let sum = |name: &str| clusters.iter().map(|c| c[name].as_f64().unwrap()).sum::<f64>();
    let close = |title: &str, expected: f64| {
        let found = all.iter().find(|(t, _)| t == title).unwrap_or_else(|| panic!("{title} in {all:?}")).1;
        assert!((found - expected).abs() <= 1e-9 * expected.abs(), "{title}: {found} and {expected} of {file:?}");
    };
    close("Customers", summary["customers"].as_f64().unwrap());
    close("Share of customers", 1.0);
    if money {
        close("Revenue", sum("revenue"));
        close("Share of revenue", sum("share_of_revenue"));
    }

    // Each segment's sheet has its customers, the sheet of all has all of them.
    let everyone = &seen["Customers"];
    assert_eq!(everyone["freeze"], "B2");
    assert_eq!(everyone["id_types"], serde_json::json!(["s"]), "ids are texts");
    let mut together = Vec::new();
    for cluster in clusters {
        let name = cluster["segment"].as_str().unwrap();
        // A name that is too long for a sheet is cut between words.
        let cut = sheets.iter().filter(|sheet| name.starts_with(sheet.as_str())).max_by_key(|sheet| sheet.len());
        let sheet = &seen[cut.unwrap_or_else(|| panic!("{name} has no sheet of {sheets:?}")).as_str()];
        assert_eq!(sheet["tables"].as_object().unwrap().len(), 1, "{name}");
        let ids = sheet["ids"].as_array().unwrap();
        assert_eq!(ids.len() as u64, cluster["customers"].as_u64().unwrap(), "{name}");
        assert_eq!(sheet["id_types"], serde_json::json!(["s"]));
        together.extend(ids.iter().map(|id| id.as_str().unwrap().to_string()));
    }
    let strings = |v: &Value| -> Vec<String> {
        v.as_array().unwrap().iter().map(|id| id.as_str().unwrap().to_string()).collect()
    };
    let mut ids = strings(&everyone["ids"]);
    let of = |title: &str| strings(&everyone["columns"][title]);
    let named = of("Segment");
    for cluster in clusters {
        let own = named.iter().filter(|n| *n == cluster["segment"].as_str().unwrap()).count();
        assert_eq!(own as u64, cluster["customers"].as_u64().unwrap());
    }
    ids.sort();
    together.sort();
    assert_eq!(ids, together);
    if !summary["snapshot_date"].is_null() {
        assert_eq!(everyone["types"]["Last purchase"], serde_json::json!(["d"]));
        assert_eq!(everyone["number_formats"]["Last purchase"], "yyyy-mm-dd");
        let last = of("Last purchase").into_iter().max().unwrap();
        assert_eq!(last[..10], *summary["last_date"].as_str().unwrap(), "somebody bought on the last day");
    }
    let method = seen["Method"]["texts"].to_string();
    assert!(method.contains("[cluster]") && method.contains("Snapshot date") == money, "the recipe and the method");
}

#[test]
fn libreoffice_opens_and_prints_it() {
    if !has("soffice", &["--version"]) || !has("pdftotext", &["-v"]) {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    ok(&["run", &shop(), "--out", out.to_str().unwrap()]);
    let summary = json(out.join("summary.json"));
    // A workbook with the first customers only: thousands of pages would tell no more.
    let convert = |to: &str| {
        let profile = format!("-env:UserInstallation=file://{}", folder.path().join("office").display());
        let done = Command::new("soffice")
            .args([&profile, "--headless", "--convert-to", to, "--outdir", folder.path().to_str().unwrap()])
            .arg(out.join("segments.xlsx"))
            .output()
            .unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    };
    // Every sheet as a CSV file of its own, with formatted values.
    convert("csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1");
    let text = |sheet: &str| std::fs::read_to_string(folder.path().join(format!("segments-{sheet}.csv"))).unwrap();
    let customers = summary["customers"].as_u64().unwrap() as usize;
    assert_eq!(text("Customers").lines().count(), customers + 1);
    let total = text("Summary").lines().find(|l| l.starts_with(",All,")).unwrap().to_string();
    assert!(total.matches("100%").count() == 2, "{total}");
    for cluster in summary["clusters"].as_array().unwrap() {
        let name = cluster["segment"].as_str().unwrap();
        let table = text(name);
        let lines = table.lines().skip_while(|l| !l.starts_with("Customer id,")).skip(1).count();
        assert_eq!(lines as u64, cluster["customers"].as_u64().unwrap(), "{name}");
    }
    convert("pdf");
    let pages = Command::new("pdftotext").args(["-l", "2"]).arg(folder.path().join("segments.pdf")).arg("-").output();
    let pages = String::from_utf8(pages.unwrap().stdout).unwrap();
    assert!(pages.contains("Customer segments") && pages.contains("Share of customers and of revenue"), "{pages}");
}

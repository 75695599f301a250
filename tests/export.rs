//! Exports: written from findings made by hand, and read back by other means.

mod by_hand;
#[path = "common/csv.rs"]
mod csv;
#[path = "common/program.rs"]
mod program;

use std::fs;

use by_hand::findings::findings;
use calamine::{Data, Reader, Xlsx, open_workbook};
use csv::records;
use program::{OUTPUTS, names};
use quintile::ctx::Ctx;
use quintile::error::Error;
use quintile::export::{ExportKind, write_all, write_one, write_workbook};
use quintile::recipe::Recipe;
use serde_json::Value;

#[test]
fn everything_is_written_and_nothing_else_touched() {
    let root = tempfile::tempdir().unwrap();
    let dir = root.path().join("new/out");
    let written = write_all(&findings(50), &dir, &Ctx::silent()).unwrap();
    assert_eq!(names(&dir), OUTPUTS);
    for w in &written.written {
        assert_eq!(fs::metadata(&w.path).unwrap().len(), w.bytes);
        assert!(w.bytes > 0);
    }
    fs::write(dir.join("mine.txt"), "keep").unwrap();
    fs::write(dir.join("customers.csv"), "old").unwrap();
    write_all(&findings(50), &dir, &Ctx::silent()).unwrap();
    assert_eq!(fs::read_to_string(dir.join("mine.txt")).unwrap(), "keep");
    assert!(fs::read_to_string(dir.join("customers.csv")).unwrap().starts_with("customer_id,"));
    assert_eq!(names(&dir).len(), 10);
    assert_eq!(names(root.path()), ["new"]);
}

#[test]
fn customers_read_back_exactly() {
    let root = tempfile::tempdir().unwrap();
    let found = findings(50);
    let path = root.path().join("c.csv");
    write_one(&found, ExportKind::CUSTOMERS, &path, &Ctx::silent()).unwrap();
    let rows = records(&fs::read_to_string(&path).unwrap(), ',', "\n");
    assert_eq!(
        rows[0],
        [
            "customer_id",
            "recency_days",
            "frequency",
            "monetary",
            "r_score",
            "f_score",
            "m_score",
            "rfm_segment",
            "cluster",
            "segment",
            "basket_mean"
        ]
    );
    assert_eq!(rows.len(), 51);
    for (i, row) in rows[1..].iter().enumerate() {
        let t = &found.rfm.customers;
        assert_eq!(row[0], t.ids[i]);
        for (column, feature) in [(1, 0), (2, 1), (3, 2), (10, 3)] {
            let value: f64 = row[column].parse().unwrap();
            assert_eq!(value.to_bits(), t.features[feature].values[i].to_bits());
        }
        assert!(!row[1].contains('.') && !row[2].contains('.'), "{row:?}");
        assert_eq!(row[4], found.rfm.scores[0].scores[i].to_string());
        assert_eq!(row[7], found.rfm.map.segments[found.rfm.segment[i] as usize].name);
        let label = found.chosen.clustering.labels[i] as usize;
        assert_eq!(row[8], (label + 1).to_string());
        assert_eq!(row[9], found.profiles[label].name);
    }
    assert!(rows.iter().any(|r| r[0] == "=1+1") && rows.iter().any(|r| r[0] == "a,\"b\"\nc"));
}

#[test]
fn segments_add_up() {
    let root = tempfile::tempdir().unwrap();
    let path = root.path().join("s.csv");
    let found = findings(50);
    write_one(&found, ExportKind::SEGMENTS, &path, &Ctx::silent()).unwrap();
    let rows = records(&fs::read_to_string(&path).unwrap(), ',', "\n");
    let column = |name: &str| rows[0].iter().position(|c| c == name).unwrap_or_else(|| panic!("no column {name}"));
    let sum = |name: &str| rows[1..].iter().map(|r| r[column(name)].parse::<f64>().unwrap()).sum::<f64>();
    assert_eq!(rows.len(), 3);
    assert_eq!(sum("customers"), 50.0);
    assert!((sum("share_of_customers") - 1.0).abs() < 1e-12);
    assert!((sum("share_of_revenue") - 1.0).abs() < 1e-12);
    let total: f64 = found.rfm.customers.monetary().iter().sum();
    assert!((sum("revenue") - total).abs() < 1e-6);
    for name in ["recency_days_mean", "frequency_q1", "monetary_median", "basket_mean_q3", "action", "channel"] {
        column(name);
    }
    assert_eq!(rows[1][column("segment")], found.profiles[0].name);
}

/// Sorted positions by the definition of type-7 quantiles, and plain sums, for the whole profile.
#[test]
fn profiles_agree_with_plain_arithmetic() {
    let found = findings(50);
    for p in found.profiles.iter() {
        let rows: Vec<usize> =
            (0..50).filter(|&i| found.chosen.clustering.labels[i] as usize == p.cluster - 1).collect();
        assert_eq!(p.members.iter().map(|&m| m as usize).collect::<Vec<_>>(), rows);
        for (f, summary) in p.features.iter().enumerate() {
            let feature = &found.rfm.customers.features[f];
            let mut values: Vec<f64> = rows.iter().map(|&i| feature.values[i]).collect();
            values.sort_by(f64::total_cmp);
            let mean = values.iter().sum::<f64>() / values.len() as f64;
            assert!((summary.mean - mean).abs() < 1e-9);
            for (p, found) in [(0.25, summary.q1), (0.5, summary.median), (0.75, summary.q3)] {
                let h = p * (values.len() - 1) as f64;
                let expected =
                    values[h as usize] * (1.0 - h.fract()) + values[(h as usize + 1).min(values.len() - 1)] * h.fract();
                assert!((found - expected).abs() < 1e-9, "{} {p}", feature.name);
            }
            let x = found.matrix.x.column(f);
            let (all, n) = (x.mean().unwrap(), x.len() as f64);
            let sd = (x.iter().map(|v| (v - all).powi(2)).sum::<f64>() / n).sqrt();
            let group = rows.iter().map(|&i| x[i]).sum::<f64>() / rows.len() as f64;
            assert!((summary.difference - (group - all) / sd).abs() < 1e-9);
        }
    }
    assert_eq!(found.profiles[0].name, "Champions");
    assert_eq!(found.profiles[1].name, "One-time buyers, long gone");
    assert!(found.profiles[0].description.contains("£"), "{}", found.profiles[0].description);
    assert!(!found.profiles.iter().any(|p| p.description.contains('{')));
}

#[test]
fn summary_has_every_promised_name() {
    let root = tempfile::tempdir().unwrap();
    let path = root.path().join("summary.json");
    let found = findings(50);
    write_one(&found, ExportKind::Summary, &path, &Ctx::silent()).unwrap();
    let v: Value = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
    assert_eq!(v["version"], 1);
    for key in ["path", "format", "encoding", "delimiter", "rows", "columns"] {
        assert!(v["input"][0].get(key).is_some(), "{key}");
    }
    for role in ["customer_id", "date", "invoice", "product", "amount", "quantity", "unit_price"] {
        assert!(v["roles"].get(role).is_some(), "{role}");
    }
    assert_eq!(v["roles"]["customer_id"], "CustomerID");
    assert!(v["roles"]["amount"].is_null());
    for key in ["step", "rows", "customers", "amount"] {
        assert!(v["funnel"][0].get(key).is_some(), "{key}");
    }
    assert_eq!(v["snapshot_date"], "2011-12-10");
    assert_eq!(v["customers"], 50);
    assert_eq!(v["features"], serde_json::json!(["recency_days", "frequency", "monetary", "basket_mean"]));
    assert_eq!((v["transform"].as_str(), v["scale"].as_str()), (Some("log1p"), Some("z_score")));
    assert_eq!(v["k"]["chosen"], 2);
    for key in ["k", "inertia", "silhouette", "calinski_harabasz", "davies_bouldin"] {
        assert!(v["k"]["search"][0].get(key).is_some(), "{key}");
    }
    for key in ["cluster", "segment", "customers", "share_of_customers", "revenue", "share_of_revenue"] {
        assert!(v["clusters"][0].get(key).is_some(), "{key}");
    }
    assert_eq!(v["clusters"][0]["recency_days_median"], found.profiles[0].features[0].median);
    assert_eq!(v["pca"]["explained_variance_ratio"][0], 0.75);
    assert_eq!(v["pca"]["loadings"][0].as_array().unwrap().len(), 4);
    assert_eq!((v["seed"].as_u64(), v["warnings"][0].as_str()), (Some(42), Some("a warning")));
    assert_eq!(v["duration_secs"]["intake"], 0.25);
    assert_eq!(v["duration_secs"]["total"], 0.75);
    assert!(!cfg!(target_os = "linux") || v["peak_memory_bytes"].as_u64().unwrap() > 1 << 20);
    let segments: u64 = v["rfm_segments"].as_array().unwrap().iter().map(|s| s["customers"].as_u64().unwrap()).sum();
    assert_eq!(segments, 50);
    assert_eq!(v["scores"][0]["cuts"].as_array().unwrap().len(), 4);
}

/// A reader that knows the file alone labels every customer as the analysis did.
#[test]
fn the_model_labels_customers_by_itself() {
    let root = tempfile::tempdir().unwrap();
    let path = root.path().join("model.json");
    let found = findings(50);
    write_one(&found, ExportKind::Model, &path, &Ctx::silent()).unwrap();
    let v: Value = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
    assert!(v["about"].as_str().unwrap().contains("placement.rule"));
    assert!(v["placement"]["rule"].as_str().unwrap().contains("nearest"), "{}", v["placement"]);
    let features = v["features"].as_array().unwrap();
    for i in 0..50 {
        let z: Vec<f64> = features
            .iter()
            .map(|f| {
                let table = &found.rfm.customers;
                let value = table.features.iter().find(|t| t.name == f["name"].as_str().unwrap()).unwrap().values[i];
                assert_eq!(f["transform"], "log1p");
                (value.ln_1p() - f["center"].as_f64().unwrap()) / f["spread"].as_f64().unwrap()
            })
            .collect();
        let distance = |c: &Value| -> f64 {
            c["centroid"].as_array().unwrap().iter().zip(&z).map(|(c, z)| (c.as_f64().unwrap() - z).powi(2)).sum()
        };
        let clusters = v["clusters"].as_array().unwrap();
        let nearest = clusters.iter().min_by(|a, b| distance(a).total_cmp(&distance(b))).unwrap();
        assert_eq!(nearest["cluster"].as_u64().unwrap(), u64::from(found.chosen.clustering.labels[i]) + 1);

        let scores: Vec<usize> = (0..3)
            .map(|axis| {
                let a = &v["rfm"]["axes"][axis];
                let value = found.rfm.customers.features[axis].values[i];
                let above = a["cuts"].as_array().unwrap().iter().filter(|c| value > c.as_f64().unwrap()).count();
                if a["low_is_good"] == true { 5 - above } else { 1 + above }
            })
            .collect();
        for (axis, score) in scores.iter().enumerate() {
            assert_eq!(*score as u8, found.rfm.scores[axis].scores[i]);
        }
        let segment = v["rfm"]["cells"][scores[0] - 1][scores[1] - 1].as_str().unwrap();
        assert_eq!(segment, found.rfm.map.segments[found.rfm.segment[i] as usize].name);
    }
}

#[test]
fn the_recipe_reads_back() {
    let root = tempfile::tempdir().unwrap();
    let path = root.path().join("recipe.toml");
    let found = findings(50);
    write_one(&found, ExportKind::Recipe, &path, &Ctx::silent()).unwrap();
    assert_eq!(Recipe::from_toml(&std::fs::read_to_string(&path).unwrap()).unwrap(), *found.recipe);
}

#[test]
fn the_workbook_holds_text_as_text_and_no_formula() {
    let root = tempfile::tempdir().unwrap();
    let path = root.path().join("segments.xlsx");
    let found = findings(50);
    write_one(&found, ExportKind::Workbook, &path, &Ctx::silent()).unwrap();
    let mut book: Xlsx<_> = open_workbook(&path).unwrap();
    let names = ["Summary", "Champions", "One-time buyers, long gone", "Customers", "Method", "Data quality"];
    assert_eq!(book.sheet_names(), names);
    for name in book.sheet_names() {
        assert!(book.worksheet_formula(&name).unwrap().is_empty(), "{name} has formulas");
    }
    let sheet = book.worksheet_range("Customers").unwrap();
    assert_eq!(sheet.height(), 51);
    for (i, id) in found.rfm.customers.ids.iter().enumerate() {
        assert_eq!(sheet.get((i + 1, 0)), Some(&Data::String(id.clone())));
        for f in 0..3 {
            let expected = found.rfm.customers.features[f].values[i];
            assert_eq!(sheet.get((i + 1, 3 + f)), Some(&Data::Float(expected)));
        }
    }
    let summary = book.worksheet_range("Summary").unwrap();
    let has = |text: &str| summary.used_cells().any(|(_, _, c)| matches!(c, Data::String(s) if s == text));
    assert!(has("Champions") && has("One-time buyers, long gone") && has("Customer segments"));
    let method = book.worksheet_range("Method").unwrap();
    assert!(method.used_cells().any(|(_, _, c)| matches!(c, Data::String(s) if s == "[cluster]")));
    let quality = book.worksheet_range("Data quality").unwrap();
    assert!(quality.used_cells().any(|(_, _, c)| matches!(c, Data::String(s) if s == "a warning")));
}

#[test]
fn many_customers_are_split_over_sheets_and_the_summary_says_so() {
    let found = findings(50);
    let mut out = std::io::Cursor::new(Vec::new());
    write_workbook(&found, &mut out, 20, &Ctx::silent()).unwrap();
    let mut book = Xlsx::new(out).unwrap();
    let names = [
        "Summary",
        "Champions",
        "One-time buyers, long gone 1",
        "One-time buyers, long gone 2",
        "Customers 1",
        "Customers 2",
        "Customers 3",
        "Method",
        "Data quality",
    ];
    assert_eq!(book.sheet_names(), names);
    let mut ids = Vec::new();
    for name in ["Customers 1", "Customers 2", "Customers 3"] {
        let sheet = book.worksheet_range(name).unwrap();
        ids.extend(sheet.rows().skip(1).map(|r| r[0].to_string()));
    }
    assert_eq!(ids, *found.rfm.customers.ids);
    let summary = book.worksheet_range("Summary").unwrap();
    let note = "on 3 sheets, Customers 1 to Customers 3";
    assert!(summary.used_cells().any(|(_, _, c)| matches!(c, Data::String(s) if s.contains(note))));
}

#[test]
fn failures_leave_nothing_behind() {
    let root = tempfile::tempdir().unwrap();
    let found = findings(20);

    let file = root.path().join("file");
    fs::write(&file, "x").unwrap();
    for dir in [file.clone(), file.join("below")] {
        let error = write_all(&found, &dir, &Ctx::silent()).unwrap_err();
        assert!(error.to_string().contains("is a file, not a folder"), "{error}");
    }
    assert_eq!(fs::read_to_string(&file).unwrap(), "x");

    let dir = root.path().join("dir");
    fs::create_dir_all(dir.join("segments.xlsx")).unwrap();
    fs::write(dir.join("customers.csv"), "old").unwrap();
    let error = write_all(&found, &dir, &Ctx::silent()).unwrap_err();
    assert!(matches!(&error, Error::Write { path, .. } if path.ends_with("segments.xlsx")), "{error}");
    assert_eq!(names(&dir), ["customers.csv", "segments.xlsx"]);
    assert_eq!(fs::read_to_string(dir.join("customers.csv")).unwrap(), "old");

    let cancelled = Ctx::new(std::sync::Arc::new(true.into()), None);
    let dir = root.path().join("never");
    assert_eq!(write_all(&found, &dir, &cancelled), Err(Error::Cancelled));
    let one = root.path().join("one.csv");
    assert_eq!(write_one(&found, ExportKind::CUSTOMERS, &one, &cancelled), Err(Error::Cancelled));
    assert!(write_one(&found, ExportKind::Model, &root.path().join("no/such/folder.json"), &Ctx::silent()).is_err());
    assert_eq!(names(root.path()), ["dir", "file"]);
}

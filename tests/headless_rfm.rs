//! Scores, segment maps and two dates without a window: flags, outputs and exit codes.

#[path = "common/program.rs"]
mod program;

use std::path::{Path, PathBuf};

use calamine::{Reader, Xlsx};
use program::{OUTPUTS, fails, json, names, ok, shop};

/// A column of a file with commas and no quotes.
fn column(path: PathBuf, name: &str) -> Vec<String> {
    let text = std::fs::read_to_string(path).unwrap();
    let at = text.lines().next().unwrap().split(',').position(|n| n == name).unwrap();
    text.lines().skip(1).map(|line| line.split(',').nth(at).unwrap().to_string()).collect()
}

#[test]
fn scores_and_maps_of_any_kind_are_described_well_enough_to_score_customers_again() {
    let folder = tempfile::tempdir().unwrap();
    let own = folder.path().join("own.toml");
    let text = "title = \"Two\"\nscores = 3\naxes = \"rfm\"\nrest = \"Others\"\n[codes]\nBest = [\"333\", \"332\"]\n\
                [[segment]]\nname = \"Best\"\n[[segment]]\nname = \"Others\"\n";
    std::fs::write(&own, text).unwrap();
    let cuts = folder.path().join("cuts.toml");
    std::fs::write(&cuts, "[rfm]\nfrequency_cuts = [1.0, 2.0, 5.0, 10.0]\nbinning = \"nested\"\n").unwrap();
    let (own, cuts) = (own.to_str().unwrap(), cuts.to_str().unwrap());
    for (i, flags) in [
        &["--rfm-bins", "5"][..],
        &["--rfm-bins", "10", "--rfm-binning", "nested", "--rfm-map", "codes125"],
        &["--rfm-bins", "3", "--rfm-map", own],
        &["--recipe", cuts, "--rfm-map", "classic11"],
        &["--score-cuts", "rfm-package", "--rfm-map", "rfm-package"],
    ]
    .into_iter()
    .enumerate()
    {
        let out = folder.path().join(i.to_string());
        let mut args = vec!["run", "--k", "2", "--k-range", "2..2", "--restarts", "1", "--out", out.to_str().unwrap()];
        args.extend(flags);
        let shop = shop();
        args.push(&shop);
        ok(&args);
        let model = &json(out.join("model.json"))["rfm"];
        let summary = &json(out.join("summary.json"))["rfm"];
        let n = model["scores"].as_u64().unwrap() as usize;
        assert_eq!((&summary["scores"], &summary["binning"]), (&model["scores"], &model["binning"]));
        assert_eq!((&summary["map"], &summary["title"]), (&model["map_name"], &model["map"]));
        let file = |name: &str| column(out.join("customers.csv"), name);
        let values = ["recency_days", "frequency", "monetary"].map(file);
        let scores = ["r_score", "f_score", "m_score"].map(file);
        let segments = file("rfm_segment");
        let mut found = std::collections::BTreeSet::new();
        for row in 0..segments.len() {
            // As the file explains itself.
            let mut scored: Vec<usize> = Vec::new();
            for (axis, values) in values.iter().enumerate() {
                let about = &model["axes"][axis];
                let before: Vec<String> = scored.iter().map(|s| s.to_string()).collect();
                let nested = about["cuts_from"] == "nested";
                let cuts = if nested { &about["within"][before.join("-")] } else { &about["cuts"] };
                let value: f64 = values[row].parse().unwrap();
                let cuts = cuts.as_array().unwrap().iter().map(|c| c.as_f64().unwrap());
                let strict = model["rule"] == "quantile";
                let above = cuts.filter(|&c| if strict { value > c } else { value >= c }).count();
                scored.push(if about["low_is_good"] == true { n - above } else { above + 1 });
                assert_eq!(scores[axis][row], scored[axis].to_string(), "{flags:?} row {row} axis {axis}");
            }
            let [r, f, m] = [0, 1, 2].map(|axis| scored[axis] - 1);
            let cell = if model["cells"].is_null() { &model["codes"][r][f][m] } else { &model["cells"][r][f] };
            assert_eq!(segments[row], cell.as_str().unwrap(), "{flags:?} row {row}");
            found.insert(segments[row].clone());
        }
        assert!(found.len() >= 2, "{flags:?} {found:?}");
    }
    let summary = json(folder.path().join("3/summary.json"));
    assert_eq!(summary["scores"][1]["cuts"], serde_json::json!([1.0, 2.0, 5.0, 10.0]));
    assert_eq!(
        (&summary["scores"][1]["cuts_from"], &summary["scores"][2]["cuts_from"]),
        (&"given".into(), &"nested".into())
    );
    assert!(summary["rfm"]["notes"].to_string().contains("Lost"), "overlaps and unreachable names are stated");
    assert_eq!(json(folder.path().join("2/summary.json"))["rfm"]["map"], "own");
    // The method sheet says the same in words.
    let mut book: Xlsx<_> = calamine::open_workbook(folder.path().join("1/segments.xlsx")).unwrap();
    let sheet = book.worksheet_range("Method").unwrap();
    let said = |label: &str| {
        let row = sheet.rows().find(|row| row[0] == label).unwrap_or_else(|| panic!("{label}"));
        row[1].to_string()
    };
    assert!(said("Frequency score").starts_with("cut points within each recency score; customers with score 1 to 10:"));
    assert!(said("    within recency 10").contains(" | "));
    assert!(said("Binning").starts_with("Nested") && said("Segment map").contains("125 codes"));
    assert!(said("About the map").contains("scores 1 to 10"));
    // The map is part of the recipe that is written, so that it holds without the file.
    std::fs::remove_file(own).unwrap();
    let again = folder.path().join("again");
    let recipe = folder.path().join("2/recipe.toml");
    ok(&["run", "--recipe", recipe.to_str().unwrap(), "--out", again.to_str().unwrap()]);
    for name in ["customers.csv", "model.json", "recipe.toml"] {
        let read = |folder: &Path| std::fs::read_to_string(folder.join(name)).unwrap();
        assert_eq!(read(&again), read(&folder.path().join("2")), "{name}");
    }
}

#[test]
fn a_segment_map_with_a_hole_is_refused_with_the_hole_named() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    let map = folder.path().join("map.toml");
    let refused = |text: &str| {
        std::fs::write(&map, text).unwrap();
        fails(&["run", &shop(), "--rfm-map", map.to_str().unwrap(), "--out", out.to_str().unwrap()])
    };
    let grid = include_str!("../assets/segments/grid25.toml");
    let hole = refused(&grid.replace("f1 = [\"Hibernating\", \"Hibernating\"", "f1 = [\"Hibernating\", \"\""));
    assert!(hole.contains("map.toml") && hole.contains("gap") && hole.contains("(21;"), "{hole}");
    assert!(refused(&grid.replace("name = \"New\"", "name = \"Fresh\"")).contains("\"New\""));
    assert!(refused("title = \"x\"\nsegments = 1\n").contains("line 2"));
    let missing = fails(&["run", &shop(), "--rfm-map", "no-such-map", "--out", out.to_str().unwrap()]);
    assert!(missing.contains("grid25, codes125, classic11, rfm_package"), "{missing}");
    assert!(!out.exists());
}

#[test]
fn two_dates_add_a_file_and_a_block() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    let to = out.to_str().unwrap();
    let shop = shop();
    let plain = ok(&["run", &shop, "--k", "3", "--out", to]);
    assert!(!plain.contains("moved up"), "{plain}");
    assert_eq!(names(&out), OUTPUTS);
    let summary = json(out.join("summary.json"));
    assert!(summary["migration"].is_null());
    let (first, last) = (summary["first_date"].as_str().unwrap(), summary["last_date"].as_str().unwrap());
    let first: chrono::NaiveDate = first.parse().unwrap();
    let last: chrono::NaiveDate = last.parse().unwrap();
    let between = (first + (last - first) / 2).to_string();

    let told = ok(&["run", &shop, "--k", "3", "--compare-to", &between, "--out", to]);
    assert!(told.contains(&format!("From {between} to ")) && told.contains("moved up"), "{told}");
    assert_eq!(names(&out).len(), OUTPUTS.len() + 1);
    let summary = json(out.join("summary.json"));
    let migration = &summary["migration"];
    assert_eq!((&migration["from_date"], &migration["to_date"]), (&between.as_str().into(), &summary["snapshot_date"]));
    let text = std::fs::read_to_string(out.join("migration.csv")).unwrap();
    assert_eq!(text.lines().next(), Some("from_segment,to_segment,customers,revenue"));
    let cells = migration["cells"].as_array().unwrap();
    assert_eq!(cells.len(), text.lines().count() - 1);
    for (cell, line) in cells.iter().zip(text.lines().skip(1)) {
        let text = |key: &str| cell[key].as_str().unwrap();
        let start = format!("{},{},{},", text("from_segment"), text("to_segment"), cell["customers"]);
        assert!(line.starts_with(&start), "{line}");
        assert_eq!(line[start.len()..].parse::<f64>().unwrap(), cell["revenue"].as_f64().unwrap());
    }
    assert!(text.contains("(new),"), "{text}");
    // Everybody of the later date is in one cell, and in one of the movements.
    let customers = |key: &str| migration[key]["customers"].as_u64().unwrap();
    let together: u64 = ["moved_up", "slipping", "level", "new"].into_iter().map(customers).sum();
    assert_eq!(together, summary["customers"].as_u64().unwrap());
    assert_eq!(customers("gone") + together, cells.iter().map(|c| c["customers"].as_u64().unwrap()).sum::<u64>());
    for key in ["moved_up", "slipping", "new"] {
        assert!(customers(key) > 0, "{key}");
    }
    // The same whatever the number of threads.
    let other = folder.path().join("other");
    ok(&["run", &shop, "--k", "3", "--compare-to", &between, "--threads", "1", "--out", other.to_str().unwrap()]);
    assert_eq!(std::fs::read_to_string(other.join("migration.csv")).unwrap(), text);

    let error =
        fails(&["run", &shop, "--compare-to", "1999-01-01", "--out", folder.path().join("no").to_str().unwrap()]);
    assert!(error.contains("1999-01-01") && error.contains(&first.to_string()), "{error}");
}

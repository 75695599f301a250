//! New customers under an old analysis: labels, other names of columns, cards and drift.

#[path = "common/csv.rs"]
mod csv;
#[path = "common/program.rs"]
mod program;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use csv::records;
use program::{fails, json, ok, quintile, shop};
use quintile::ctx::Ctx;
use quintile::recipe::Recipe;
use quintile::score::{Model, Reading, Request, score};

/// Flags and a recipe; the recipe keeps the search for k short.
fn run(folder: &Path, input: &str, flags: &[&str], recipe: &str) -> PathBuf {
    let path = folder.join("asked.toml");
    let short = "[cluster]\nrestarts = 2\nreferences = 0\nresamples = 0\nk = 4\nk_min = 4\nk_max = 4\n";
    std::fs::write(&path, format!("{recipe}\n{short}")).unwrap();
    let out = folder.join("out");
    let mut args = vec!["run", input, "--recipe", path.to_str().unwrap(), "--out", out.to_str().unwrap()];
    args.extend(flags);
    ok(&args);
    out
}

/// The rows of a file with commas, by the first column.
fn rows(path: &Path) -> BTreeMap<String, BTreeMap<String, String>> {
    let mut records = records(&std::fs::read_to_string(path).unwrap(), ',', "\n").into_iter();
    let header = records.next().unwrap();
    let row = |cells: Vec<String>| {
        let id = cells[0].clone();
        (id, header.iter().cloned().zip(cells).collect())
    };
    records.map(row).collect()
}

/// Customers whose scores, RFM segment or cluster differ from those of the analysis.
fn differing(out: &Path, labels: &Path) -> (usize, usize) {
    let (known, found) = (rows(&out.join("customers.csv")), rows(labels));
    assert_eq!(known.keys().collect::<Vec<_>>(), found.keys().collect::<Vec<_>>());
    let differ =
        |names: &[&str]| known.iter().filter(|(id, row)| names.iter().any(|n| row[*n] != found[*id][*n])).count();
    (differ(&["r_score", "f_score", "m_score", "rfm_segment"]), differ(&["cluster", "segment"]))
}

#[test]
fn the_customers_of_the_analysis_get_their_labels_back() {
    let words = ["--derive", "home = MODE(Country)", "--features", "recency_days,frequency,monetary,home"];
    let cases: [(&str, &[&str], &str); 11] = [
        ("k-means", &[], ""),
        ("mini-batch", &["--algorithm", "mini-batch", "--transform", "rank"], ""),
        ("mixture", &["--algorithm", "gaussian-mixture", "--returns", "match"], ""),
        ("k-prototypes", &["--algorithm", "k-prototypes", words[0], words[1], words[2], words[3]], ""),
        ("codes", &["--rfm-map", "codes125", "--transform", "yeo-johnson", "--scale", "robust"], ""),
        ("classic", &["--rfm-map", "classic11", "--rfm-bins", "10", "--rfm-binning", "nested"], ""),
        ("package", &["--rfm-map", "rfm-package", "--score-cuts", "rfm-package", "--returns", "drop"], ""),
        ("engaged", &["--features", "recency_days,monetary,avg_basket_value", "--window", "400"], ""),
        ("steps", &["--filter", "Country != France", "--drop-duplicates"], "[features.each.monetary]\nweight = 2.5"),
        ("tree", &["--algorithm", "agglomerative"], ""),
        ("hdbscan", &["--algorithm", "hdbscan"], ""),
    ];
    for (name, flags, recipe) in cases {
        let folder = tempfile::tempdir().unwrap();
        let out = run(folder.path(), &shop(), flags, recipe);
        let (model, labels) = (out.join("model.json"), folder.path().join("labels.csv"));
        let (model, to) = (model.to_str().unwrap(), labels.to_str().unwrap());
        let drift = folder.path().join("drift.json");
        let said = ok(&["score", model, &shop(), "--out", to, "--drift", drift.to_str().unwrap()]);
        let (scores, clusters) = differing(&out, &labels);
        let customers = rows(&labels).len();
        assert_eq!(scores, 0, "{name}: {said}");
        // The same customers have not drifted, whatever the rule for new ones.
        let drift = json(drift)["clusters"]["index"].as_f64().unwrap();
        assert!(drift < 1e-9, "{name}: {drift}");
        match json(out.join("model.json"))["placement"]["agrees"].as_f64() {
            None => assert_eq!(clusters, 0, "{name}: {said}"),
            // The rule is an approximation, and the model says how good it is.
            Some(agrees) => {
                assert!(
                    (1.0 - clusters as f64 / customers as f64 - agrees).abs() < 1e-9,
                    "{name}: {clusters} {agrees}"
                );
                assert!(said.contains("no rule for new customers"), "{said}");
            }
        }
        if name == "k-means" {
            let drift: Vec<&str> = said.lines().filter(|l| l.contains("stable")).collect();
            assert!(drift.len() >= 5, "three features, clusters and segments: {said}");
            // The features that the analysis wrote are enough.
            let again = folder.path().join("again.csv");
            let customers = out.join("customers.csv");
            ok(&["score", model, customers.to_str().unwrap(), "--out", again.to_str().unwrap()]);
            assert_eq!(differing(&out, &again), (0, 0));
        }
    }
}

#[test]
fn a_table_of_customers_gets_its_labels_back() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("people.csv");
    let mut text = String::from("id,Age,Annual income\n");
    for i in 0..300 {
        text.push_str(&format!("p{i},{},{}\n", 20 + i * 7 % 50, (i * 37 % 101) * 1000 + i));
    }
    std::fs::write(&file, text).unwrap();
    let file = file.to_str().unwrap();
    let out = run(folder.path(), file, &["--shape", "customers"], "");
    let labels = folder.path().join("labels.csv");
    ok(&["score", out.join("model.json").to_str().unwrap(), file, "--out", labels.to_str().unwrap()]);
    let (known, found) = (rows(&out.join("customers.csv")), rows(&labels));
    assert_eq!(known.len(), 300);
    for (id, row) in &known {
        assert_eq!(row["cluster"], found[id]["cluster"], "{id}");
    }
}

#[test]
fn columns_of_other_names_are_found_or_named() {
    let folder = tempfile::tempdir().unwrap();
    let out = run(folder.path(), &shop(), &[], "");
    let model = out.join("model.json");
    let model = model.to_str().unwrap();
    let text = std::fs::read_to_string(shop()).unwrap();
    let with = |name: &str, header: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, format!("{header}\n{}", text.split_once('\n').unwrap().1)).unwrap();
        path.to_str().unwrap().to_string()
    };
    let labels = folder.path().join("labels.csv");
    let to = labels.to_str().unwrap();
    let alike = with("alike.csv", "order_id,order date,customer id,sku,text,qty,price each,country");
    let said = ok(&["score", model, &alike, "--out", to]);
    assert!(said.contains("\"order_id\" is taken for \"InvoiceNo\"") && said.contains("CustomerID"), "{said}");
    assert_eq!(differing(&out, &labels), (0, 0));

    let odd = with("odd.csv", "a,b,c,d,e,f,g,h");
    let error = fails(&["score", model, &odd, "--out", to]);
    for part in ["CustomerID (customer", "a, b, c, d, e, f, g, h", "--map", "recency_days"] {
        assert!(error.contains(part), "{part}: {error}");
    }
    let map = ["--map", "InvoiceNo=a", "--map", "InvoiceDate=b", "--map", "CustomerID=c", "--map", "Quantity=f"];
    let mut args = vec!["score", model, &odd, "--out", to, "--map", "UnitPrice=g", "--map", "StockCode=d"];
    args.extend(map);
    ok(&args);
    assert_eq!(differing(&out, &labels), (0, 0));
    let error = fails(&["score", model, &odd, "--out", to, "--map", "InvoiceNo=z"]);
    assert!(error.contains("no column \"z\""), "{error}");
}

#[test]
fn rows_of_sales_are_counted_whatever_their_other_columns_are_called() {
    let folder = tempfile::tempdir().unwrap();
    let out = run(folder.path(), &shop(), &[], "");
    // Columns that would do for features, in a file that has sales.
    let text = std::fs::read_to_string(shop()).unwrap();
    let mut lines = text.lines();
    let header = format!("{},recency_days,Frequency,Monetary value\n", lines.next().unwrap());
    let rows: String = lines.map(|line| format!("{line},1,1,1\n")).collect();
    let file = folder.path().join("more.csv");
    std::fs::write(&file, header + &rows).unwrap();
    let labels = folder.path().join("labels.csv");
    let (model, file) = (out.join("model.json"), file.to_str().unwrap());
    ok(&["score", model.to_str().unwrap(), file, "--out", labels.to_str().unwrap()]);
    assert_eq!(differing(&out, &labels), (0, 0));
}

#[test]
fn a_flag_about_reading_leaves_the_other_choices_of_the_model() {
    let folder = tempfile::tempdir().unwrap();
    // 1,250 is one and a quarter or more than a thousand.
    let mut text = String::from("customer;date;invoice;amount\n");
    for i in 0..900 {
        let (customer, day, month) = (i * 7 % 150, 1 + i % 28, 1 + i * 5 % 12);
        text += &format!("c{customer};2024-{month:02}-{day:02};{i};{},{}50\n", 1 + i * 13 % 9 * (customer % 5), i % 10);
    }
    let file = folder.path().join("commas.csv");
    std::fs::write(&file, text).unwrap();
    let file = file.to_str().unwrap();
    let out = run(folder.path(), file, &["--decimal", ","], "");
    let labels = folder.path().join("labels.csv");
    let (model, to) = (out.join("model.json"), labels.to_str().unwrap());
    ok(&["score", model.to_str().unwrap(), file, "--encoding", "utf-8", "--out", to]);
    assert_eq!(differing(&out, &labels), (0, 0));
}

#[test]
fn another_day_to_look_back_from_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let out = run(folder.path(), &shop(), &[], "[rfm]\nsnapshot = \"2024-06-30\"");
    let (model, labels) = (out.join("model.json"), folder.path().join("labels.csv"));
    let args = ["score", model.to_str().unwrap(), &shop(), "--out", labels.to_str().unwrap()];
    let said = ok(&args);
    assert!(said.contains("Give --snapshot 2024-06-30 for the same day"), "{said}");
    let said = ok(&[&args[..], &["--snapshot", "2024-06-30"]].concat());
    assert!(!said.contains("--snapshot"), "{said}");
    assert_eq!(differing(&out, &labels), (0, 0));
}

#[test]
fn labels_and_drift_are_not_written_over_each_other() {
    let folder = tempfile::tempdir().unwrap();
    let out = run(folder.path(), &shop(), &[], "");
    let (model, both) = (out.join("model.json"), folder.path().join("both.json"));
    let both = both.to_str().unwrap();
    let refused = quintile(&["score", model.to_str().unwrap(), &shop(), "--out", both, "--drift", both]);
    let said = String::from_utf8(refused.stderr).unwrap();
    assert_eq!(refused.status.code(), Some(2), "{said}");
    assert!(said.contains("--out and --drift name the same file"), "{said}");
    assert!(!Path::new(both).exists());
}

#[test]
fn one_customer_is_told_in_words() {
    let folder = tempfile::tempdir().unwrap();
    let out = run(folder.path(), &shop(), &[], "");
    let (model, customers) = (out.join("model.json"), rows(&out.join("customers.csv")));
    let model = model.to_str().unwrap();
    let (id, row) = customers.iter().nth(7).unwrap();
    let card = ok(&["score", model, &shop(), "--customer", id]);
    let cluster = format!("Cluster: {} {}", row["cluster"], row["segment"]);
    for part in [format!("Customer {id}"), format!("RFM segment: {}", row["rfm_segment"]), cluster, "cut points".into()]
    {
        assert!(card.contains(&part), "{part}: {card}");
    }
    let set = |name: &str| format!("{name}={}", row[name]);
    let sets = ["recency_days", "frequency", "monetary"].map(set);
    let by_hand = ok(&["score", model, "--set", &sets[0], "--set", &sets[1], "--set", &sets[2]]);
    let tail = |text: &str| text.lines().filter(|l| l.contains("Cluster:") || l.contains("score ")).count();
    assert_eq!((tail(&card), tail(&by_hand)), (4, 4), "{by_hand}");
    assert!(by_hand.contains(card.lines().find(|l| l.contains("Cluster:")).unwrap()), "{card}{by_hand}");
    let error = fails(&["score", model, "--set", &sets[0]]);
    assert!(error.contains("frequency is missing") && error.contains("--set frequency=VALUE"), "{error}");
    let error = fails(&["score", model, "--set", "age=4"]);
    assert!(error.contains("no feature \"age\""), "{error}");
    let far = ok(&["score", model, "--set", "recency_days=3", "--set", "frequency=4000", "--set", "monetary=5"]);
    assert!(far.contains("beyond what the analysis saw"), "{far}");
    assert!(fails(&["score", model, &shop(), "--customer", "nobody"]).contains("no customer \"nobody\""));
    assert_eq!(quintile(&["score", model]).status.code(), Some(2));
}

#[test]
fn where_labels_go_is_looked_at_before_anything_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name).display().to_string();
    // Neither the model nor the input can be read, which would be said next.
    let says = |flags: &[&str]| fails(&[&["score", &at("no model.json"), &at("no input.csv")], flags].concat());
    let error = says(&["--out", &at("labels.docx")]);
    assert!(error.contains("labels.docx") && error.contains(".csv, .parquet or .json"), "{error}");
    assert!(says(&["--out", &at("nowhere/labels.csv")]).contains("there is no folder"));
    assert!(says(&["--out", &at("labels.csv"), "--drift", &at("nowhere/drift.json")]).contains("there is no folder"));
    assert!(says(&["--drift", &folder.path().display().to_string()]).contains("it is a folder"));
    std::fs::write(at("no model.json"), "{}").unwrap();
    assert!(says(&["--drift", &at("no model.json")]).contains("is itself an input"));
    assert!(says(&["--out", &at("labels.csv")]).contains("no model of Quintile"));
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn drift_is_measured_and_files_are_written_by_their_ending() {
    let folder = tempfile::tempdir().unwrap();
    let out = run(folder.path(), &shop(), &[], "");
    let model = out.join("model.json");
    let text = std::fs::read_to_string(shop()).unwrap();
    // Ten times the prices: another population.
    let (header, body) = text.split_once('\n').unwrap();
    let at = header.split(',').position(|n| n.trim() == "UnitPrice").unwrap();
    let dearer = |line: &str| {
        let mut cells: Vec<String> =
            records(&format!("{line}\n"), ',', "\n").remove(0).iter().map(|c| format!("\"{c}\"")).collect();
        // Some cells are no number, as in any real file.
        if let Ok(price) = cells[at].trim_matches('"').parse::<f64>() {
            cells[at] = format!("{}", price * 10.0);
        }
        cells.join(",")
    };
    let file = folder.path().join("dear.csv");
    let rows: Vec<String> = body.lines().map(dearer).collect();
    std::fs::write(&file, format!("{header}\n{}\n", rows.join("\n"))).unwrap();
    let (model_path, file) = (model.to_str().unwrap(), file.to_str().unwrap());
    let drift = folder.path().join("drift.json");
    for ending in ["parquet", "json", "csv"] {
        let to = folder.path().join(format!("labels.{ending}"));
        let args = ["score", model_path, file, "--out", to.to_str().unwrap(), "--drift", drift.to_str().unwrap()];
        ok(&args);
        assert!(std::fs::metadata(&to).unwrap().len() > 1000);
    }
    let found = json(drift);
    let of = |name: &str| found["features"].as_array().unwrap().iter().find(|f| f["name"] == name).unwrap().clone();
    assert_eq!((of("recency_days")["index"].as_f64(), &of("recency_days")["reading"]), (Some(0.0), &"stable".into()));
    assert_eq!(of("monetary")["reading"], "changed");
    let ratio = of("monetary")["median_now"].as_f64().unwrap() / of("monetary")["median_before"].as_f64().unwrap();
    assert!((ratio - 10.0).abs() < 0.01, "{ratio}");
    assert!(found["beyond"].as_f64().unwrap() > 0.0);
    let labels = json(folder.path().join("labels.json"));
    let customers = labels.as_array().unwrap().len();
    assert_eq!(customers as u64, found["customers_now"].as_u64().unwrap());
    let wrong = folder.path().join("labels.txt");
    assert!(fails(&["score", model_path, file, "--out", wrong.to_str().unwrap()]).contains(".csv, .parquet or .json"));
    assert!(!wrong.exists());

    let model = Model::load(&model).unwrap();
    let request = Request { files: vec![file.into()], ..Request::default() };
    let scored = score(&model, &request, &Recipe::default(), &Ctx::silent()).unwrap();
    assert_eq!(scored.customers.len(), customers);
    assert_eq!(scored.drift.features.iter().map(|f| f.reading).max_by_key(|r| *r as u8), Some(Reading::Changed));
}

#[test]
fn what_is_no_model_is_refused_in_a_sentence() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("model.json");
    for (text, part) in [
        ("{\"version\": 1, \"placement\": {}}", "run the analysis again"),
        ("{\"version\": 99, \"placement\": {}}", "newer Quintile"),
        ("{}", "no model of Quintile"),
        ("a,b\n1,2\n", "no model of Quintile"),
        ("{\"version\": 2, \"placement\": {}}", "no model of Quintile"),
    ] {
        std::fs::write(&path, text).unwrap();
        let error = fails(&["score", path.to_str().unwrap(), &shop(), "--customer", "1"]);
        assert!(error.contains(part), "{text}: {error}");
    }
}

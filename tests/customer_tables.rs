//! Tables that have one row per customer already: recognised, clustered and written like counted transactions.
//!
//! Figures of clusterings: scikit-learn 1.9 (`KMeans(n_init=100)`, after `numpy.log1p` and `StandardScaler` where it
//! says so); quantiles and counts: numpy and pandas. Those of Mall are in the project's reference too.

mod common;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use quintile::ctx::Ctx;
use quintile::intake::{self, Role};
use quintile::pipeline::{Findings, Pipeline, Unwatched};
use quintile::recipe::{KChoice, Recipe, Scale, TableShape, Transform};

fn run(recipe: Recipe) -> Result<Findings, String> {
    common::analyse(&recipe).map_err(|stopped| stopped.error.to_string())
}

fn shape_of(path: &Path) -> quintile::intake::ShapeFound {
    let recipe = Recipe::for_file(path);
    let read = intake::read(&recipe.input, &Ctx::silent()).unwrap();
    intake::roles::find(&read.table, &recipe.roles, &Ctx::silent()).unwrap().shape
}

/// A file in a folder that lives as long as the test.
fn file(folder: &tempfile::TempDir, text: &str) -> PathBuf {
    let path = folder.path().join("table.csv");
    std::fs::write(&path, text).unwrap();
    path
}

fn analyse(text: &str, change: impl FnOnce(&mut Recipe)) -> Result<Findings, String> {
    let folder = tempfile::tempdir().unwrap();
    let mut recipe = Recipe::for_file(file(&folder, text));
    change(&mut recipe);
    run(recipe)
}

fn features(names: &[&str]) -> Option<Vec<String>> {
    Some(names.iter().map(|n| n.to_string()).collect())
}

/// Customers with an age and a spend that make two plain groups.
fn plain(n: usize) -> String {
    let row = |i: usize| {
        let (age, spend) = if i.is_multiple_of(2) { (20 + i % 7, 900 + i % 50) } else { (60 + i % 9, 100 + i % 30) };
        format!("C{i:03},{age},{spend}\n")
    };
    std::iter::once("customer_id,Age,Yearly spend\n".to_string()).chain((0..n).map(row)).collect()
}

fn close(a: f64, b: f64) {
    assert!((a - b).abs() <= 1e-9 * b.abs(), "{a} is not {b}");
}

#[test]
fn real_files_are_taken_for_what_they_are() {
    use TableShape::*;
    for (file, shape, id) in [
        ("tables/Mall_Customers.csv", CustomerTable, Some("CustomerID")),
        ("tables/Wholesale customers data.csv", CustomerTable, None),
        ("tables/marketing_campaign.csv", CustomerTable, Some("ID")),
        ("tables/WA_Fn-UseC_-Telco-Customer-Churn.csv", CustomerTable, Some("customerID")),
        ("reference/rfm_rfm_data_customer.csv", RfmTable, Some("customer_id")),
        ("cdnow/cdnow_customers_summary.csv", RfmTable, Some("ID")),
        ("cdnow/cdnow_customers_summary_with_transactions.csv", RfmTable, Some("ID")),
        ("reference/rfm_rfm_data_orders.csv", Transactions, None),
        ("cdnow/CDNOW_master.txt", Transactions, None),
        ("messy/variants/00_truth_utf8.csv", Transactions, None),
    ] {
        let Some(path) = common::shared(file) else { return };
        let found = shape_of(&path);
        assert_eq!((found.shape, found.id.as_deref()), (shape, id), "{file}: {}", found.reason);
        assert!(!found.reason.is_empty());
    }
    let iris = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/iris.csv");
    assert_eq!(shape_of(&iris).shape, CustomerTable);
    let shop = common::sample();
    assert_eq!(shape_of(&shop).shape, Transactions);
}

#[test]
fn headers_alone_do_not_make_an_rfm_table() {
    let folder = tempfile::tempdir().unwrap();
    let shape = |header: &str, rows: &[&str]| shape_of(&file(&folder, &format!("{header}\n{}\n", rows.join("\n"))));
    let rows = ["1,5,2,9.5", "2,7,1,3.2", "3,50,4,20"];
    use TableShape::*;
    for (header, expected) in [
        ("id,recency,frequency,monetary", RfmTable),
        ("Kunde,Rezenz,Häufigkeit,Umsatz", RfmTable),
        ("client,Récence,Fréquence,Montant", RfmTable),
        ("cliente,Recencia,Frecuencia,Importe", RfmTable),
        // Numbers, but not those three.
        ("id,recency,visits_web,score", CustomerTable),
        ("id,recency,frequency,weight", CustomerTable),
        ("id,R,F,M", RfmTable),
    ] {
        let found = shape(header, &rows);
        assert_eq!(found.shape, expected, "{header}: {}", found.reason);
    }
    // Scores are no recency, frequency and monetary.
    assert_eq!(shape("id,R,F,M", &["1,5,2,1", "2,4,1,3", "3,1,4,5"]).shape, CustomerTable);
    // Customers that come back, with the same names: one row is not one customer.
    let monthly = ["1,5,2,9.5", "1,7,1,3.2", "1,50,4,20", "2,5,2,9.5", "2,7,1,3.2", "2,50,4,20"];
    assert_eq!(shape("customer_id,recency,frequency,monetary", &monthly).shape, Transactions);
    // One row per customer, and a date that says when something was bought.
    let sales = ["1,2024-05-01,9.5", "2,2024-05-03,3.2", "3,2024-06-07,20"];
    assert_eq!(shape("customer_id,order_date,amount", &sales).shape, Transactions);
    assert_eq!(shape("customer_id,signup_date,age", &sales).shape, CustomerTable);
}

#[test]
fn mall_customers_are_those_of_scikit_learn() {
    let Some(path) = common::shared("tables/Mall_Customers.csv") else { return };
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    let program = Command::new(env!("CARGO_BIN_EXE_quintile"))
        .args(["run", path.to_str().unwrap(), "--out", out.to_str().unwrap(), "--k", "5"])
        .args(["--features", "Annual Income (k$),Spending Score (1-100)", "--transform", "none", "--scale", "none"])
        .output()
        .unwrap();
    assert!(program.status.success(), "{}", String::from_utf8_lossy(&program.stderr));
    let json =
        |name: &str| -> serde_json::Value { serde_json::from_slice(&std::fs::read(out.join(name)).unwrap()).unwrap() };
    let summary = json("summary.json");
    let k5 = summary["k"]["search"].as_array().unwrap().iter().find(|r| r["k"] == 5).unwrap();
    close(k5["inertia"].as_f64().unwrap(), 44_448.4554479337);
    close(k5["silhouette"].as_f64().unwrap(), 0.553931997444648);
    let mut sizes: Vec<u64> =
        summary["clusters"].as_array().unwrap().iter().map(|c| c["customers"].as_u64().unwrap()).collect();
    // Numbered by mean spending score, highest first.
    let score = |c: &serde_json::Value| c["Spending Score (1-100)_mean"].as_f64().unwrap();
    assert!(summary["clusters"].as_array().unwrap().windows(2).all(|w| score(&w[0]) >= score(&w[1])));
    sizes.sort_unstable();
    assert_eq!(sizes, [22, 23, 35, 39, 81]);
    assert_eq!(summary["shape"], "customers");
    assert_eq!(summary["customers"], 200);
    assert_eq!(summary["features"], serde_json::json!(["Annual Income (k$)", "Spending Score (1-100)"]));
    for empty in ["snapshot_date", "first_date", "last_date", "frequency_of"] {
        assert!(summary[empty].is_null(), "{empty}");
    }
    assert!(summary["clusters"][0]["revenue"].is_null());
    assert_eq!(summary["scores"], serde_json::json!([]));
    assert_eq!(summary["funnel"][0]["rows"], 200);
    assert!(summary["funnel"][0]["amount"].is_null());
    assert!(json("model.json")["rfm"].is_null());

    let customers = std::fs::read_to_string(out.join("customers.csv")).unwrap();
    let mut lines = customers.lines();
    assert_eq!(
        lines.next().unwrap(),
        "customer_id,recency_days,frequency,monetary,r_score,f_score,m_score,rfm_segment,cluster,segment,Age,\
         Annual Income (k$),Spending Score (1-100)"
    );
    assert!(lines.next().unwrap().starts_with("0001,,,,,,,,"), "ids keep their zeros, and what is unknown is empty");
    assert!(customers.lines().nth(1).unwrap().ends_with(",19,15,39"));
    workbook_has_no_errors(&out.join("segments.xlsx"), 200);
}

/// Every sheet can be read, no cell is an error, and each customer has a row.
fn workbook_has_no_errors(path: &Path, customers: usize) {
    use calamine::Reader;
    let mut book: calamine::Xlsx<_> = calamine::open_workbook(path).unwrap();
    for name in book.sheet_names() {
        let sheet = book.worksheet_range(&name).unwrap();
        assert!(!sheet.cells().any(|(.., cell)| matches!(cell, calamine::Data::Error(_))), "{name}");
    }
    assert_eq!(book.worksheet_range("Customers").unwrap().height(), customers + 1);
}

#[test]
fn other_tables_are_those_of_scikit_learn() {
    /// File, features, k, customers, inertia, sizes of the clusters.
    type Expected = (&'static str, Option<Vec<String>>, usize, usize, f64, &'static [usize]);
    let usual: [Expected; 3] = [
        ("tables/Wholesale customers data.csv", None, 3, 440, 1553.339538040626, &[81, 147, 212]),
        ("tables/WA_Fn-UseC_-Telco-Customer-Churn.csv", None, 4, 7032, 4020.221077033719, &[1109, 1361, 1495, 3067]),
        (
            "tables/marketing_campaign.csv",
            features(&["Income", "MntWines", "MntMeatProducts"]),
            4,
            2216,
            1256.7186989226416,
            &[249, 549, 606, 812],
        ),
    ];
    for (file, columns, k, customers, inertia, sizes) in usual {
        let Some(path) = common::shared(file) else { return };
        let mut recipe = Recipe::for_file(path);
        recipe.cluster.k = KChoice::Fixed(k as u32);
        recipe.cluster.restarts = 50;
        recipe.features.columns = columns;
        let found = run(recipe).unwrap();
        assert_eq!(found.rfm.customers.len(), customers, "{file}");
        close(found.chosen.clustering.inertia, inertia);
        let mut got = found.chosen.clustering.sizes.clone();
        got.sort_unstable();
        assert_eq!(got, sizes, "{file}");
        assert_eq!(found.rfm.funnel.last().unwrap().customers, customers);
    }
}

#[test]
fn columns_that_do_not_describe_are_left_out_and_named() {
    let Some(path) = common::shared("tables/marketing_campaign.csv") else { return };
    let found = run(Recipe::for_file(path)).unwrap();
    let clustered: Vec<&str> = found.matrix.columns.iter().map(|c| c.name.as_str()).collect();
    assert!(clustered.contains(&"Income") && clustered.contains(&"NumStorePurchases"), "{clustered:?}");
    for name in ["ID", "Z_CostContact", "Z_Revenue", "AcceptedCmp1", "Response"] {
        assert!(!clustered.contains(&name), "{name}");
    }
    let said = found.rfm.notes.join(" ");
    for part in ["Z_CostContact, Z_Revenue (the same for everyone)", "Complain", "only two values", "Income"] {
        assert!(said.contains(part), "{said}");
    }
    // 24 customers have no income.
    assert!(found.warnings().iter().any(|w| w.contains("24 customers") && w.contains("Income 24")));
    assert_eq!(found.roles.column(Role::Date), None, "the day of enrolment is no date of a purchase");
}

#[test]
fn an_rfm_table_is_scored_like_counted_transactions() {
    let Some(path) = common::shared("reference/rfm_rfm_data_customer.csv") else { return };
    let found = run(Recipe::for_file(&path)).unwrap();
    let rfm = &found.rfm;
    let sum = |v: &[f64]| v.iter().sum::<f64>();
    assert_eq!(rfm.customers.len(), 39_999);
    assert_eq!(sum(rfm.customers.recency()), 7_256_299.0);
    assert_eq!(sum(rfm.customers.frequency()), 393_223.0);
    assert_eq!(sum(rfm.customers.monetary()), 37_537_400.0);
    assert_eq!(rfm.scores[0].cuts, [76.0, 125.0, 176.0, 265.0]);
    assert_eq!(rfm.scores[1].cuts, [7.0, 9.0, 10.0, 12.0]);
    assert_eq!(rfm.scores[2].cuts, [640.0, 826.0, 1002.0, 1225.0]);
    assert_eq!(rfm.scores[0].sizes, [7994, 7957, 7889, 8108, 8051]);
    assert_eq!(rfm.scores[1].sizes, [9427, 9764, 4945, 8204, 7659]);
    assert_eq!(rfm.scores[2].sizes, [8016, 7998, 8008, 7997, 7980]);
    assert_eq!(rfm.segment.len(), 39_999);
    assert_eq!(rfm.funnel.last().unwrap().amount, 37_537_400.0);

    // Its column of last visits gives the same days, counted to the day on which the table was made.
    let mut recipe = Recipe::for_file(&path);
    recipe.roles.recency = Some("most_recent_visit".into());
    recipe.rfm.snapshot = chrono::NaiveDate::from_ymd_opt(2007, 1, 1);
    let dated = run(recipe).unwrap();
    assert_eq!(dated.rfm.customers.recency(), rfm.customers.recency());
    assert_eq!(dated.rfm.last_day, chrono::NaiveDate::from_ymd_opt(2006, 12, 30));
    assert_eq!(dated.chosen.clustering.labels, found.chosen.clustering.labels);
    // Without a snapshot date: the day after the last visit of all.
    let mut recipe = Recipe::for_file(&path);
    recipe.roles.recency = Some("most_recent_visit".into());
    assert_eq!(run(recipe).unwrap().rfm.snapshot, chrono::NaiveDate::from_ymd_opt(2006, 12, 31));
}

/// The published summary of CDNOW counts as the BG/NBD model does, in weeks; the transactions it was made from say what
/// the days since the last purchase and the days with a purchase were on 1997-09-30.
#[test]
fn repeat_buying_tables_mean_what_their_transactions_say() {
    let (Some(summary), Some(sample)) =
        (common::shared("cdnow/cdnow_customers_summary.csv"), common::shared("cdnow/CDNOW_sample.txt"))
    else {
        return;
    };
    let end = chrono::NaiveDate::from_ymd_opt(1997, 9, 30).unwrap();
    let mut days = std::collections::BTreeMap::<u32, std::collections::BTreeSet<chrono::NaiveDate>>::new();
    for line in std::fs::read_to_string(sample).unwrap().lines() {
        let cells: Vec<&str> = line.split_whitespace().collect();
        let day = chrono::NaiveDate::parse_from_str(cells[2], "%Y%m%d").unwrap();
        if day <= end {
            days.entry(cells[1].parse().unwrap()).or_default().insert(day);
        }
    }
    let found = run(Recipe::for_file(summary)).unwrap();
    let table = &found.rfm.customers;
    assert_eq!(table.len(), 2357);
    for (i, (id, days)) in days.iter().enumerate() {
        assert_eq!(table.ids[i], id.to_string());
        assert_eq!(table.frequency()[i], days.len() as f64, "customer {id}");
        assert_eq!(table.recency()[i], (end - *days.last().unwrap()).num_days() as f64, "customer {id}");
    }
    assert!(found.warnings().iter().any(|w| w.contains("BG/NBD") && w.contains("weeks")));
    // What they spent is not in the table: two scores, a segment, and no money.
    assert_eq!((found.rfm.scores.len(), found.rfm.segment.len()), (2, 2357));
    assert!(table.monetary().is_empty() && found.profiles.iter().all(|p| p.revenue.is_nan()));
}

#[test]
fn a_recency_is_only_read_as_repeat_buying_where_the_values_allow_it() {
    // Somebody bought once and has a recency: days since the last purchase, beside an age.
    let text = "id,frequency,recency,T,monetary\n1,1,30,40,5\n2,0,35,41,7\n3,2,10,44,9\n4,5,1,50,20\n";
    let found = analyse(text, |_| {}).unwrap();
    assert_eq!(found.rfm.customers.recency(), [30.0, 35.0, 10.0, 1.0]);
    assert_eq!(found.rfm.customers.frequency(), [1.0, 0.0, 2.0, 5.0]);
}

#[test]
fn duplicate_and_missing_ids_are_counted_and_the_first_row_counts() {
    let text = plain(40) + "C001,99,99\nC002,98,98\n,50,50\n";
    let found = analyse(&text, |_| {}).unwrap();
    assert_eq!(found.rfm.customers.len(), 40);
    let age = &found.rfm.customers.features[0].values;
    assert_eq!(age[1], 61.0, "the first row of C001");
    let rows: Vec<usize> = found.rfm.funnel.iter().map(|s| s.rows).collect();
    assert_eq!(rows, [43, 42, 40, 40]);
    let said = found.warnings().join(" ");
    assert!(said.contains("2 rows have an id") && said.contains("1 row has no value"), "{said}");
}

#[test]
fn rows_are_numbered_where_nobody_has_an_id() {
    let text: String = plain(12).lines().map(|l| format!("{}\n", l.split_once(',').unwrap().1)).collect();
    let found = analyse(&text, |_| {}).unwrap();
    assert_eq!(found.rfm.customers.ids[..3], ["1", "2", "3"]);
    assert_eq!(found.rfm.customers.ids[11], "12", "in the order of the file");
    assert!(found.warnings().iter().any(|w| w.contains("numbered")));
}

#[test]
fn what_cannot_be_clustered_is_refused_with_what_to_do() {
    let error = analyse("name,colour\na,red\nb,blue\nc,green\n", |_| {}).unwrap_err();
    assert!(error.contains("name (text), colour (text)") && error.contains("--shape transactions"), "{error}");
    let constant = "id,a,b\nx1,5,1\nx2,5,1\nx3,5,1\n";
    let error = analyse(constant, |_| {}).unwrap_err();
    assert!(error.contains("no column holds numbers that differ"), "{error}");
    for rows in 1..3 {
        let error = analyse(&plain(rows), |_| {}).unwrap_err();
        assert!(error.to_lowercase().contains("at least 3 customers"), "{rows}: {error}");
    }
    let error = analyse(&plain(20), |r| r.features.columns = features(&["Wage"])).unwrap_err();
    assert!(error.contains("Wage") && error.contains("Age, Yearly spend"), "{error}");
    let text = plain(20).replace("Yearly spend", "Yearly spend,Town").replace('\n', ",X\n").replace("Town,X", "Town");
    let error = analyse(&text, |r| r.features.columns = features(&["town"])).unwrap_err();
    assert!(error.contains("Town") && error.contains("holds text"), "{error}");
    let error = analyse(&plain(20), |r| r.roles.shape = Some(TableShape::RfmTable)).unwrap_err();
    assert!(error.contains("recency and frequency"), "{error}");
}

#[test]
fn rfm_tables_with_holes_say_who_was_left_out() {
    let text = "customer_id,last_purchase,orders,revenue\n1,2024-05-01,2,10\n2,2024-05-03,3,100\n3,not known,1,5\n\
                4,2024-06-03,1,50\n5,2023-06-03,1,20\n6,2024-01-03,4,-5\n";
    let found = analyse(text, |_| {}).unwrap();
    assert_eq!(*found.rfm.customers.ids, ["1", "2", "4", "5"]);
    assert_eq!(found.rfm.customers.recency(), [34.0, 32.0, 1.0, 367.0]);
    let rows: Vec<(usize, f64)> = found.rfm.funnel.iter().map(|s| (s.rows, s.amount)).collect();
    assert_eq!(rows, [(6, 180.0), (6, 180.0), (6, 180.0), (5, 175.0), (4, 180.0)]);
    assert!(found.warnings().iter().any(|w| w.contains("1 customer has no usable number")));
    let nobody = "customer_id,recency,frequency,monetary\n1,5,2,-10\n2,6,3,0\n3,7,1,-5\n";
    let error = analyse(nobody, |_| {}).unwrap_err();
    assert!(error.contains("spend above zero"), "{error}");
}

#[test]
fn small_and_narrow_tables_work() {
    let found = analyse(&plain(3), |_| {}).unwrap();
    assert_eq!(found.rfm.customers.len(), 3);
    // One column of numbers, one constant.
    let text: String =
        std::iter::once("id,n,c\n".into()).chain((0..30).map(|i| format!("k{i},{},7\n", i * i))).collect();
    let found = analyse(&text, |_| {}).unwrap();
    assert_eq!(found.matrix.columns.len(), 1);
    assert_eq!(found.pca.explained_variance_ratio, [1.0]);
    // Only flags: better than nothing.
    let text: String =
        std::iter::once("id,a,b\n".into()).chain((0..30).map(|i| format!("k{i},{},{}\n", i % 2, i / 15))).collect();
    assert_eq!(analyse(&text, |_| {}).unwrap().matrix.columns.len(), 2);
}

#[test]
fn values_below_zero_do_not_stop_the_analysis() {
    let text: String = std::iter::once("id,balance,visits\n".into())
        .chain((0..60).map(|i| format!("k{i},{},{}\n", (i as i64 - 30) * 17, i % 11)))
        .collect();
    let found = analyse(&text, |_| {}).unwrap();
    let transforms: Vec<Transform> = found.matrix.columns.iter().map(|c| c.transform).collect();
    assert_eq!(transforms, [Transform::YeoJohnson, Transform::Log1p]);
    assert!(found.warnings().iter().any(|w| w.contains("Balance") && w.contains("Yeo-Johnson")));
}

#[test]
fn names_of_the_fixed_columns_are_left_to_them() {
    let text: String = std::iter::once("id,Cluster,frequency,segment\n".into())
        .chain((0..30).map(|i| format!("k{i},{},{},{}\n", i, i * 3 % 17, i * 5 % 13)))
        .collect();
    let folder = tempfile::tempdir().unwrap();
    let found = analyse(&text, |r| r.features.columns = features(&["frequency", "segment"])).unwrap();
    let names: Vec<&str> = found.matrix.columns.iter().map(|c| c.name.as_str()).collect();
    assert_eq!(names, ["frequency (column)", "segment (column)"]);
    quintile::export::write_all(&found, folder.path(), &Ctx::silent()).unwrap();
    workbook_has_no_errors(&folder.path().join("segments.xlsx"), 30);
}

#[test]
fn features_of_transactions_can_be_chosen() {
    let shop = common::sample();
    let mut recipe = Recipe::for_file(&shop);
    let mut pipeline = Pipeline::new();
    let mut run = |recipe: &Recipe| {
        let recipe = Arc::new(recipe.clone());
        pipeline.run(&recipe, Arc::new(AtomicBool::new(false)), Arc::new(Unwatched))
    };
    let all = run(&recipe).unwrap();
    recipe.features.columns = features(&["monetary", "frequency"]);
    recipe.features.scale = Scale::ZScore;
    let two = run(&recipe).unwrap();
    assert_eq!(two.matrix.columns.iter().map(|c| c.name.as_str()).collect::<Vec<_>>(), ["frequency", "monetary"]);
    assert_eq!(two.matrix.x.column(0), all.matrix.x.column(1));
    assert!(Arc::ptr_eq(&two.rfm, &all.rfm), "nothing before the features is computed again");
    assert_eq!(two.profiles[0].features.len(), 3, "recency is still told");
    recipe.features.columns = features(&["weight"]);
    let error = run(&recipe).unwrap_err().error.to_string();
    assert!(error.contains("weight") && error.contains("recency_days, frequency, monetary"), "{error}");
}

#[test]
fn the_recipe_that_was_written_gives_the_same_again() {
    let folder = tempfile::tempdir().unwrap();
    let mut recipe = Recipe::for_file(file(&folder, &plain(50)));
    recipe.roles.shape = Some(TableShape::CustomerTable);
    recipe.features.columns = features(&["Age", "Yearly spend"]);
    let again = Recipe::from_toml(&recipe.to_toml()).unwrap();
    assert_eq!(again, recipe);
    let (a, b) = (run(recipe).unwrap(), run(again).unwrap());
    assert_eq!(a.chosen.clustering.labels, b.chosen.clustering.labels);
    assert_eq!(a.roles.shape.reason, "chosen by you");
}

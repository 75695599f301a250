//! Every algorithm from the command line: what is written about its clusters is of one piece.

#[path = "common/program.rs"]
mod program;

use std::path::{Path, PathBuf};

use program::{fails, json, ok, quintile, shop};
use serde_json::Value;

/// The names and the rows of a file with commas, quotes around some cells, and no line breaks within.
fn columns(path: PathBuf) -> (Vec<String>, Vec<Vec<String>>) {
    let text = std::fs::read_to_string(path).unwrap();
    let mut rows = text.lines().map(|line| {
        let (mut cells, mut quoted) = (vec![String::new()], false);
        for letter in line.chars() {
            match letter {
                '"' => quoted = !quoted,
                ',' if !quoted => cells.push(String::new()),
                other => cells.last_mut().unwrap().push(other),
            }
        }
        cells
    });
    (rows.next().unwrap(), rows.collect())
}

struct Outputs {
    names: Vec<String>,
    rows: Vec<Vec<String>>,
    summary: Value,
    model: Value,
}

impl Outputs {
    fn column(&self, name: &str) -> Vec<&str> {
        let at = self.names.iter().position(|n| n == name).unwrap_or_else(|| panic!("no column {name}"));
        self.rows.iter().map(|row| row[at].as_str()).collect()
    }

    fn numbers(&self, name: &str) -> Vec<f64> {
        self.column(name).iter().map(|cell| cell.parse().unwrap()).collect()
    }

    /// Transformed and scaled as the model says: one row per customer.
    fn prepared(&self) -> Vec<Vec<f64>> {
        let features = self.model["features"].as_array().unwrap();
        let columns: Vec<Vec<f64>> = features
            .iter()
            .map(|f| {
                let (center, spread) = (f["center"].as_f64().unwrap(), f["spread"].as_f64().unwrap());
                assert_eq!(f["transform"], "log1p");
                self.numbers(f["name"].as_str().unwrap()).iter().map(|v| (v.ln_1p() - center) / spread).collect()
            })
            .collect();
        (0..self.rows.len()).map(|row| columns.iter().map(|column| column[row]).collect()).collect()
    }

    /// The number of the cluster whose centroid is nearest, 0 left out.
    fn nearest(&self, z: &[f64], more: impl Fn(&Value) -> f64) -> u64 {
        let clusters = self.model["clusters"].as_array().unwrap().iter().filter(|c| c["cluster"] != 0);
        let off = |c: &Value| {
            let centroid = c["centroid"].as_array().unwrap().iter().map(|v| v.as_f64().unwrap());
            centroid.zip(z).map(|(p, q)| (p - q) * (p - q)).sum::<f64>() + more(c)
        };
        clusters.min_by(|a, b| off(a).total_cmp(&off(b))).unwrap()["cluster"].as_u64().unwrap()
    }
}

fn run(folder: &Path, flags: &[&str]) -> Outputs {
    let out = folder.join("out");
    let shop = shop();
    let mut args = vec!["run", &shop, "--references", "0", "--resamples", "0", "--restarts", "2", "--out"];
    args.push(out.to_str().unwrap());
    args.extend(flags);
    ok(&args);
    let (names, rows) = columns(out.join("customers.csv"));
    let found = Outputs { names, rows, summary: json(out.join("summary.json")), model: json(out.join("model.json")) };
    // Counts, names and numbers agree between the files.
    let (segment_names, segments) = columns(out.join("segments.csv"));
    assert_eq!(&segment_names[..3], ["cluster", "segment", "customers"]);
    let clusters = found.summary["clusters"].as_array().unwrap();
    assert_eq!(clusters.len(), segments.len());
    for ((cluster, segment), model) in clusters.iter().zip(&segments).zip(found.model["clusters"].as_array().unwrap()) {
        let number = cluster["cluster"].to_string();
        let own = found.column("cluster").iter().filter(|c| **c == number).count();
        assert_eq!((cluster["customers"].as_u64().unwrap() as usize, segment[2].parse().unwrap()), (own, own));
        assert_eq!((&cluster["cluster"], &cluster["segment"]), (&model["cluster"], &model["segment"]));
        assert_eq!((segment[0].as_str(), segment[1].as_str()), (number.as_str(), cluster["segment"].as_str().unwrap()));
    }
    found
}

#[test]
fn k_means_places_customers_by_the_nearest_centroid() {
    let folder = tempfile::tempdir().unwrap();
    let found = run(folder.path(), &["--k", "4", "--k-range", "4..4"]);
    assert_eq!(found.model["placement"]["agrees"], Value::Null);
    assert!(!found.names.iter().any(|n| n == "membership" || n == "strength"));
    for (z, cluster) in found.prepared().iter().zip(found.column("cluster")) {
        assert_eq!(found.nearest(z, |_| 0.0).to_string(), cluster);
    }
}

#[test]
fn mixtures_write_probabilities_that_their_model_repeats() {
    for form in ["full", "diagonal"] {
        let folder = tempfile::tempdir().unwrap();
        let found = run(
            folder.path(),
            &["--algorithm", "gaussian-mixture", "--k-by", "bic", "--k-range", "2..3", "--covariance", form],
        );
        let algorithm = &found.summary["algorithm"];
        assert_eq!((&algorithm["name"], &algorithm["covariance"]), (&"gaussian_mixture".into(), &form.into()));
        let chosen = &found.summary["k"]["chosen"];
        let rows = found.summary["k"]["search"].as_array().unwrap();
        let least =
            rows.iter().min_by(|a, b| a["bic"].as_f64().unwrap().total_cmp(&b["bic"].as_f64().unwrap())).unwrap();
        assert_eq!((&least["k"], &least["bic"]), (chosen, &algorithm["mixture"]["bic"]), "auto went by BIC");
        let numbers = |v: &Value| -> Vec<f64> { v.as_array().unwrap().iter().map(|v| v.as_f64().unwrap()).collect() };
        let parts: Vec<(u64, f64, Vec<f64>, Vec<Vec<f64>>)> = found.model["clusters"]
            .as_array()
            .unwrap()
            .iter()
            .map(|c| {
                let covariance = c["covariance"].as_array().unwrap().iter().map(numbers).collect();
                (c["cluster"].as_u64().unwrap(), c["weight"].as_f64().unwrap(), numbers(&c["mean"]), covariance)
            })
            .collect();
        assert!((parts.iter().map(|p| p.1).sum::<f64>() - 1.0).abs() < 1e-9);
        for ((z, cluster), own) in found.prepared().iter().zip(found.column("cluster")).zip(found.numbers("membership"))
        {
            let logs: Vec<f64> = parts
                .iter()
                .map(|(_, weight, mean, s)| {
                    let d: Vec<f64> = z.iter().zip(mean).map(|(p, q)| p - q).collect();
                    let (determinant, quadratic) = three(s, &d);
                    weight.ln() - 0.5 * determinant.ln() - 0.5 * quadratic
                })
                .collect();
            let most = logs.iter().copied().fold(f64::MIN, f64::max);
            let sum: f64 = logs.iter().map(|l| (l - most).exp()).sum();
            let at = logs.iter().position(|&l| l == most).unwrap();
            assert!((1.0 / sum - own).abs() < 1e-6, "{} for {own}", 1.0 / sum);
            assert!(own < 0.5 + 1e-6 || parts[at].0.to_string() == cluster);
        }
    }
}

/// Determinant of a 3 × 3 matrix, and d' · inverse · d, by cofactors.
fn three(s: &[Vec<f64>], d: &[f64]) -> (f64, f64) {
    let minor = |i: usize, j: usize| {
        let (a, b, p, q) = ((i + 1) % 3, (i + 2) % 3, (j + 1) % 3, (j + 2) % 3);
        s[a][p] * s[b][q] - s[a][q] * s[b][p]
    };
    let determinant: f64 = (0..3).map(|j| s[0][j] * minor(0, j)).sum();
    let quadratic: f64 = (0..3).flat_map(|i| (0..3).map(move |j| (i, j))).map(|(i, j)| d[i] * minor(i, j) * d[j]).sum();
    (determinant, quadratic / determinant)
}

#[test]
fn trees_say_how_often_the_nearest_centroid_is_right() {
    for linkage in ["ward", "average", "complete"] {
        let folder = tempfile::tempdir().unwrap();
        let found = run(
            folder.path(),
            &["--algorithm", "agglomerative", "--linkage", linkage, "--k", "3", "--k-range", "2..4"],
        );
        assert_eq!(found.summary["algorithm"]["linkage"], linkage);
        assert_eq!(found.summary["clusters"].as_array().unwrap().len(), 3);
        let prepared = found.prepared();
        let same =
            prepared.iter().zip(found.column("cluster")).filter(|(z, c)| found.nearest(z, |_| 0.0).to_string() == **c);
        let share = same.count() as f64 / prepared.len() as f64;
        assert!((found.model["placement"]["agrees"].as_f64().unwrap() - share).abs() < 1e-9, "{linkage}: {share}");
    }
}

#[test]
fn noise_is_cluster_0_has_no_name_and_no_strength() {
    let folder = tempfile::tempdir().unwrap();
    let found = run(folder.path(), &["--algorithm", "hdbscan", "--min-cluster-size", "12", "--min-samples", "4"]);
    let noise = found.summary["algorithm"]["noise"].as_u64().unwrap() as usize;
    assert!(noise > 0, "the sample has customers between its dense regions");
    assert_eq!(
        (&found.summary["algorithm"]["min_cluster_size"], &found.summary["algorithm"]["min_samples"]),
        (&12.into(), &4.into())
    );
    let segments = found.column("segment");
    let mut counted = 0;
    for ((cluster, segment), strength) in found.column("cluster").iter().zip(segments).zip(found.numbers("strength")) {
        assert_eq!(*cluster == "0", segment == "No clear segment");
        assert_eq!(*cluster == "0", strength == 0.0, "{strength}");
        assert!((0.0..=1.0).contains(&strength));
        counted += usize::from(*cluster == "0");
    }
    assert_eq!(counted, noise);
    let last = found.summary["clusters"].as_array().unwrap().last().unwrap();
    assert_eq!((&last["cluster"], &last["segment"]), (&0.into(), &"No clear segment".into()));
    let prepared = found.prepared();
    let same =
        prepared.iter().zip(found.column("cluster")).filter(|(z, c)| found.nearest(z, |_| 0.0).to_string() == **c);
    let share = same.count() as f64 / prepared.len() as f64;
    assert!((found.model["placement"]["agrees"].as_f64().unwrap() - share).abs() < 1e-9);
}

#[test]
fn words_count_in_k_prototypes_and_stop_all_others() {
    let folder = tempfile::tempdir().unwrap();
    let with_words = [
        "--derive",
        "home = MODE(Country)",
        "--features",
        "recency_days,frequency,monetary,home",
        "--k",
        "3",
        "--k-range",
        "3..3",
    ];
    let flags = [&["--algorithm", "k-prototypes", "--word-weight", "0.8"], &with_words[..]].concat();
    let found = run(folder.path(), &flags);
    let placement = &found.model["placement"];
    assert_eq!((&placement["words"][0], &placement["word_weight"]), (&"home".into(), &0.8.into()));
    let homes = found.column("home");
    for ((z, cluster), home) in found.prepared().iter().zip(found.column("cluster")).zip(homes) {
        let nearest = found.nearest(z, |c| if c["modes"][0] == home { 0.0 } else { 0.8 });
        assert_eq!(nearest.to_string(), cluster);
    }
    let shop = shop();
    let out = folder.path().join("other");
    let mut args = vec!["run", &shop, "--out", out.to_str().unwrap()];
    args.extend(with_words);
    let error = fails(&args);
    assert!(error.contains("home holds words") && error.contains("k-prototypes"), "{error}");
}

#[test]
fn what_contradicts_itself_or_does_not_suit_the_data_is_one_sentence() {
    let folder = tempfile::tempdir().unwrap();
    let (shop, out) = (shop(), folder.path().join("out"));
    for (flags, part) in [
        (&["--k-by", "bic"][..], "only Gaussian mixtures"),
        (&["--algorithm", "hdbscan", "--min-cluster-size", "1"], "at least 2"),
        (&["--algorithm", "hdbscan", "--min-cluster-size", "100000"], "but there are only"),
        (&["--algorithm", "k-prototypes"], "no feature holds words"),
        (&["--algorithm", "k-prototypes", "--word-weight", "0"], "above zero"),
    ] {
        let mut args = vec!["run", &shop, "--out", out.to_str().unwrap()];
        args.extend(flags);
        let output = quintile(&args);
        let error = String::from_utf8(output.stderr).unwrap();
        assert!(!output.status.success() && error.contains(part), "{error}");
        assert!(!out.join("summary.json").exists());
    }
}

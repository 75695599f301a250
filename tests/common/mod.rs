//! Data sets shared by the tests, the analysis of one, and how near two numbers are.
#![allow(dead_code)] // each test binary uses a part of it

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

use chrono::NaiveDate;
use ndarray::Array2;
use quintile::ctx::Ctx;
use quintile::features::prepare;
use quintile::pipeline::{Findings, Pipeline, Stopped, Unwatched};
use quintile::recipe::{Features, Recipe, Transform};
use quintile::rfm::{CustomerTable, Feature, Unit};

/// One customer: day of the last purchase, invoices, money.
type Bought = (i64, BTreeSet<String>, f64);

/// The four lengths of the 150 iris flowers.
pub fn iris() -> Array2<f64> {
    let text = include_str!("../golden/iris.csv");
    let rows: Vec<Vec<f64>> =
        text.lines().skip(1).map(|l| l.split(',').take(4).map(|v| v.parse().unwrap()).collect()).collect();
    assert_eq!(rows.len(), 150);
    Array2::from_shape_fn((150, 4), |(i, j)| rows[i][j])
}

/// The sample file.
pub fn sample() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("sample_data/shop.csv")
}

/// A file of the shared data; says so and gives `None` where it is not there.
pub fn shared(path: &str) -> Option<PathBuf> {
    match std::env::var_os("QUINTILE_DATA") {
        Some(folder) => Some(PathBuf::from(folder).join(path)),
        None => {
            println!("skipped: QUINTILE_DATA is not set");
            None
        }
    }
}

/// Annual income and spending score of the 200 Mall customers.
pub fn mall() -> Option<Array2<f64>> {
    let text = std::fs::read_to_string(shared("tables/Mall_Customers.csv")?).unwrap();
    let rows: Vec<Vec<f64>> = text
        .lines()
        .skip(1)
        .filter(|l| !l.trim().is_empty())
        .map(|l| l.split(',').skip(3).map(|v| v.trim().parse().unwrap()).collect())
        .collect();
    assert_eq!(rows.len(), 200);
    Some(Array2::from_shape_fn((200, 2), |(i, j)| rows[i][j]))
}

/// Recency, frequency and monetary of UCI Online Retail: cancelled invoices, quantities and prices of zero or less
/// dropped; snapshot 2011-12-10.
pub fn uci_customers() -> Option<CustomerTable> {
    let bytes = std::fs::read(shared("online_retail/OnlineRetail.csv")?).unwrap();
    let text: String = bytes.iter().map(|&b| b as char).collect(); // ISO-8859-1
    let snapshot = NaiveDate::from_ymd_opt(2011, 12, 10).unwrap();
    let mut customers: BTreeMap<String, Bought> = BTreeMap::new();
    for line in text.lines().skip(1) {
        let f = fields(line);
        let (quantity, price): (f64, f64) = (f[3].parse().unwrap(), f[5].parse().unwrap());
        if f[6].is_empty() || f[0].starts_with('C') || quantity <= 0.0 || price <= 0.0 {
            continue;
        }
        let day = NaiveDate::parse_from_str(f[4].split(' ').next().unwrap(), "%m/%d/%Y").unwrap();
        let ago = (snapshot - day).num_days();
        let c = customers.entry(f[6].clone()).or_insert((i64::MAX, BTreeSet::new(), 0.0));
        c.0 = c.0.min(ago);
        c.1.insert(f[0].clone());
        c.2 += quantity * price;
    }
    assert_eq!(customers.len(), 4338);
    let feature = |name: &str, of: fn(&Bought) -> f64| {
        Feature::new(name.to_lowercase(), name, "", Unit::Number, customers.values().map(of).collect())
    };
    let features = vec![
        feature("Recency", |c| c.0 as f64),
        feature("Frequency", |c| c.1.len() as f64),
        feature("Monetary", |c| c.2),
    ];
    Some(CustomerTable { ids: Arc::new(customers.keys().cloned().collect()), features })
}

/// [`uci_customers`] after log1p and z-score, and monetary.
pub fn uci() -> Option<(Array2<f64>, Vec<f64>)> {
    let customers = uci_customers()?;
    let matrix = prepare(&customers, &Features::default(), &Ctx::silent()).unwrap();
    Some((matrix.x, customers.monetary().to_vec()))
}

/// Columns minus mean, divided by the standard deviation (ddof 0).
pub fn z_scored(x: &Array2<f64>) -> Array2<f64> {
    let features = x.columns().into_iter().map(|c| Feature::new("", "", "", Unit::Number, c.to_vec())).collect();
    let customers = CustomerTable { ids: Arc::new((0..x.nrows()).map(|i| i.to_string()).collect()), features };
    prepare(&customers, &Features { transform: Transform::None, ..Features::default() }, &Ctx::silent()).unwrap().x
}

/// The whole analysis, with nobody watching.
pub fn analyse(recipe: &Recipe) -> Result<Findings, Stopped> {
    Pipeline::new().run(&Arc::new(recipe.clone()), Arc::default(), Arc::new(Unwatched))
}

/// Whether two sums are equal but for the order in which they were added up.
pub fn close(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-9 * a.abs().max(b.abs()).max(1.0)
}

/// The fields of one line of a comma-separated file with quotes.
pub fn fields(line: &str) -> Vec<String> {
    let mut fields = vec![String::new()];
    let mut quoted = false;
    for c in line.chars() {
        match c {
            '"' => quoted = !quoted,
            ',' if !quoted => fields.push(String::new()),
            c => fields.last_mut().unwrap().push(c),
        }
    }
    fields
}

/// n points in `blobs` round groups in d dimensions, from a simple generator with a fixed start.
pub fn blobs(n: usize, d: usize, blobs: usize, start: u64) -> Array2<f64> {
    use rand::{Rng, SeedableRng};
    let mut rng = rand_xoshiro::Xoshiro256PlusPlus::seed_from_u64(start);
    let centers: Vec<f64> = (0..blobs * d).map(|_| rng.gen_range(-5.0..5.0)).collect();
    Array2::from_shape_fn((n, d), |(i, j)| {
        // The sum of twelve uniform numbers is nearly normal.
        let noise: f64 = (0..12).map(|_| rng.r#gen::<f64>()).sum::<f64>() - 6.0;
        centers[(i % blobs) * d + j] + noise
    })
}

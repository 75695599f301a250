//! Data sets, golden files, and ways to compare partitions.

use std::path::{Path, PathBuf};

use ndarray::Array2;
use quintile::cluster::{Clustering, Data, algorithm};
use quintile::ctx::Ctx;
use quintile::error::Result;
use quintile::recipe::Cluster;
use rand::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;
use serde::de::DeserializeOwned;

fn tests() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests")
}

/// Expected figures of `tests/golden/clusters`; see `make.py` there.
pub fn golden<T: DeserializeOwned>(name: &str) -> T {
    let path = tests().join("golden/clusters").join(name);
    serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap()
}

/// Numbers of a file with commas: `rows` below its names, the columns `from..to`.
fn columns(path: &Path, from: usize, to: usize) -> Array2<f64> {
    let text = std::fs::read_to_string(path).unwrap();
    let rows: Vec<Vec<f64>> = text
        .lines()
        .skip(1)
        .map(|line| line.split(',').skip(from).take(to - from).map(|cell| cell.trim().parse().unwrap()).collect())
        .collect();
    Array2::from_shape_vec((rows.len(), to - from), rows.concat()).unwrap()
}

/// The four lengths of 150 flowers.
pub fn iris() -> Array2<f64> {
    columns(&tests().join("golden/iris.csv"), 0, 4)
}

/// Age, income and spending score of 200 customers of a mall; `None` without the shared data.
pub fn mall() -> Option<Array2<f64>> {
    match std::env::var_os("QUINTILE_DATA") {
        Some(root) => Some(columns(&Path::new(&root).join("tables/Mall_Customers.csv"), 2, 5)),
        None => {
            println!("skipped: QUINTILE_DATA is not set");
            None
        }
    }
}

/// Both, as far as they are there.
pub fn sets() -> Vec<(&'static str, Array2<f64>)> {
    [("iris", Some(iris())), ("mall", mall())].into_iter().filter_map(|(name, x)| Some((name, x?))).collect()
}

/// Every value moved a little, as `without_ties` in the script does it, so that no two distances are equal.
pub fn without_ties(x: &Array2<f64>) -> Array2<f64> {
    let (n, d) = x.dim();
    x + Array2::from_shape_fn((n, d), |(i, j)| 1e-3 * ((i * 7919 + j * 104_729) % 10_007) as f64 / 10_007.0)
}

/// Rows drawn around three points, n × d.
pub fn blobs(n: usize, d: usize, seed: u64) -> Array2<f64> {
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(seed);
    let mut normal = move || (0..12).map(|_| rng.r#gen::<f64>()).sum::<f64>() - 6.0;
    Array2::from_shape_fn((n, d), |(i, j)| normal() + [0.0, 7.0, -9.0][i % 3] * if j % 2 == 0 { 1.0 } else { 0.5 })
}

/// The clustering for `k`.
pub fn cluster(x: &Array2<f64>, k: usize, choice: &Cluster) -> Result<Option<Clustering>> {
    let found = algorithm(choice).cluster(&Data::numbers(x.view()), &[k], &|_, _| {}, &Ctx::silent())?;
    Ok(found.into_iter().next().unwrap())
}

/// The same partition numbered by first occurrence, so that equal partitions are equal.
pub fn by_occurrence<T: Copy + PartialEq>(labels: &[T]) -> Vec<usize> {
    let mut met: Vec<T> = Vec::new();
    let number = |label: &T| {
        met.iter().position(|l| l == label).unwrap_or_else(|| {
            met.push(*label);
            met.len() - 1
        })
    };
    labels.iter().map(number).collect()
}

/// Asserts that two numbers differ by at most `tolerance`, measured by the larger of 1 and the second.
#[track_caller]
pub fn near(got: f64, want: f64, tolerance: f64, what: &str) {
    assert!((got - want).abs() <= tolerance * want.abs().max(1.0), "{what}: {got} for {want}");
}

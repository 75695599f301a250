//! One task of `clusters.py`, timed: the matrix comes as little-endian f64, row by row, and figures go out as JSON.
//!
//! `clusters FILE FEATURES TASK [K]`, where TASK is kmeans, minibatch, search, silhouettes or pca.

use std::error::Error;
use std::time::Instant;

use ndarray::Array2;
use quintile::cluster::{Data, algorithm, calinski_harabasz, davies_bouldin, kmeans, kmeans_each, silhouettes};
use quintile::ctx::Ctx;
use quintile::recipe::{self, Cluster};
use quintile::reduce::pca;
use serde_json::{Value, json};

const RESTARTS: u32 = 10;
const SEED: u64 = 42;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|a| !a.starts_with("--")).collect();
    let [file, features, task, rest @ ..] = &arguments[..] else {
        println!("Run tests/bench/clusters.py, which generates the data and calls this with a task.");
        return Ok(());
    };
    let x = matrix(file, features.parse()?)?;
    let k: usize = rest.first().map_or(Ok(5), |k| k.parse())?;
    let start = Instant::now();
    let mut out = run(task, &x, k)?;
    out["seconds"] = json!(start.elapsed().as_secs_f64());
    println!("{out}");
    Ok(())
}

fn matrix(file: &str, features: usize) -> Result<Array2<f64>, Box<dyn Error>> {
    let bytes = std::fs::read(file)?;
    let values: Vec<f64> = bytes.as_chunks::<8>().0.iter().map(|eight| f64::from_le_bytes(*eight)).collect();
    Ok(Array2::from_shape_vec((values.len() / features, features), values)?)
}

fn run(task: &str, x: &Array2<f64>, k: usize) -> Result<Value, Box<dyn Error>> {
    let ctx = Ctx::silent();
    Ok(match task {
        "kmeans" => json!({ "inertia": kmeans(x.view(), k, RESTARTS, SEED, &ctx)?.inertia }),
        "minibatch" => {
            let choice =
                Cluster { algorithm: recipe::Algorithm::MiniBatch, restarts: 3, seed: SEED, ..Cluster::DEFAULT };
            let found = algorithm(&choice).cluster(&Data::numbers(x.view()), &[k], &|_, _| {}, &ctx)?;
            json!({ "inertia": found[0].as_ref().map(|c| c.inertia) })
        }
        "search" => {
            let ks: Vec<usize> = (2..=10).collect();
            let found = kmeans_each(x.view(), &ks, RESTARTS, SEED, &|_, _| {}, &ctx)?;
            let found: Vec<_> = found.into_iter().flatten().collect();
            let labels: Vec<&[u32]> = found.iter().map(|c| &c.labels[..]).collect();
            let silhouettes = silhouettes(x.view(), &labels, &ctx)?;
            let rows = found.iter().zip(silhouettes).map(|(c, s)| {
                json!({
                    "k": c.k,
                    "inertia": c.inertia,
                    "silhouette": s.mean,
                    "calinski_harabasz": calinski_harabasz(x.view(), c),
                    "davies_bouldin": davies_bouldin(x.view(), c),
                })
            });
            json!({ "rows": rows.collect::<Vec<_>>() })
        }
        "silhouettes" => {
            // Any labels will do for the time; those of k-means on these rows are what is asked for.
            let ks: Vec<usize> = (2..=10).collect();
            let found = kmeans_each(x.view(), &ks, 2, SEED, &|_, _| {}, &ctx)?;
            let found: Vec<_> = found.into_iter().flatten().collect();
            let labels: Vec<&[u32]> = found.iter().map(|c| &c.labels[..]).collect();
            let start = Instant::now();
            let means: Vec<_> = silhouettes(x.view(), &labels, &ctx)?.into_iter().map(|s| s.mean).collect();
            json!({ "means": means, "alone": start.elapsed().as_secs_f64() })
        }
        "pca" => json!({ "ratio": pca(x.view(), &ctx)?.explained_variance_ratio }),
        other => return Err(format!("there is no task {other:?}").into()),
    })
}

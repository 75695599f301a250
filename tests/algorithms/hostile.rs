//! Data that nobody should have to cluster: every algorithm gives a clustering of full groups, none, or a sentence.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use ndarray::Array2;
use quintile::cluster::{Data, algorithm};
use quintile::ctx::Ctx;
use quintile::error::Error;

use crate::data::{blobs, cluster};
use crate::invariance::choices;

#[test]
fn values_that_are_not_finite_give_a_sentence() {
    for bad in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        let mut x = blobs(60, 2, 1);
        x[[17, 1]] = bad;
        for choice in choices() {
            let error = cluster(&x, 2, &choice).unwrap_err().to_string();
            assert!(error.contains("Feature 2 has no finite value for customer 18"), "{}: {error}", choice.algorithm);
        }
    }
}

#[test]
fn nothing_panics_and_no_group_is_empty() {
    let constant = Array2::from_elem((50, 3), 4.0);
    let mut half_constant = blobs(50, 2, 2);
    half_constant.column_mut(0).fill(-1.0);
    let mut far = blobs(80, 2, 3);
    far[[5, 0]] = 1e12;
    far[[6, 1]] = -1e15;
    let few = Array2::from_shape_fn((40, 2), |(i, j)| ((i % 3) * (j + 1)) as f64);
    let line = Array2::from_shape_fn((60, 3), |(i, j)| (i * (j + 1)) as f64);
    let huge = blobs(60, 2, 4) * 1e150;
    let tiny = blobs(60, 2, 4) * 1e-150;
    let one = blobs(1, 2, 5);
    for (name, x) in [
        ("constant", constant),
        ("half constant", half_constant),
        ("far", far),
        ("few", few),
        ("line", line),
        ("huge", huge),
        ("tiny", tiny),
        ("one feature", blobs(70, 1, 6)),
        ("one", one),
    ] {
        for choice in choices() {
            for k in [1, 2, 4, 60] {
                match cluster(&x, k, &choice) {
                    Ok(Some(found)) => {
                        assert_eq!(found.sizes.iter().sum::<usize>(), x.nrows());
                        assert!(found.sizes.iter().all(|&s| s > 0), "{name}, {}, {k}", choice.algorithm);
                        assert!(found.centroids.iter().all(|v| v.is_finite()), "{name}, {}", choice.algorithm);
                    }
                    Ok(None) => {
                        let text = algorithm(&choice).cannot(k).to_string();
                        assert!(text.contains("smaller k"), "{text}");
                    }
                    Err(Error::Data(text)) => assert!(text.len() > 40, "{text}"),
                    Err(other) => panic!("{name}, {}: {other}", choice.algorithm),
                }
            }
        }
    }
}

#[test]
fn every_algorithm_stops_when_it_is_asked_to() {
    let x = blobs(9_000, 3, 7);
    for choice in choices() {
        let cancel = Arc::new(AtomicBool::new(false));
        let flag = cancel.clone();
        let stopper = std::thread::spawn(move || {
            std::thread::sleep(Duration::from_millis(2));
            flag.store(true, Ordering::Relaxed);
        });
        let ctx = Ctx::new(cancel, None);
        let ks: Vec<usize> = (2..=20).collect();
        match algorithm(&choice).cluster(&Data::numbers(x.view()), &ks, &|_, _| {}, &ctx) {
            Err(Error::Cancelled) => {}
            other => panic!("{}: {}", choice.algorithm, other.is_ok()),
        }
        stopper.join().unwrap();
    }
}

//! Classical multidimensional scaling: places in the plane whose distances come near to given ones.

use linfa_linalg::eigh::Eigh;
use ndarray::{Array2, ArrayView2};

use crate::error::{Error, Result};

/// Places for k things.
#[derive(Debug, Clone, PartialEq)]
pub struct Mds {
    /// k × 2; the mean is the origin, the first axis holds most, and the largest entry of each axis is positive.
    pub at: Array2<f64>,
    /// How much of the squared distances the plane holds, 0–1: the two largest eigenvalues' share of the sum of all
    /// magnitudes (Mardia 1978).
    pub held: f64,
    /// Kruskal's stress-1 (1964): √(Σ(d − d̂)² / Σd²) over all pairs; 0 where the plane shows every distance exactly.
    pub stress: f64,
    /// The pair that is drawn most wrongly, its distance, and its distance in the plane; `None` for fewer than two.
    pub worst: Option<(usize, usize, f64, f64)>,
}

/// Euclidean distances between the rows of `x` (k × d): k × k.
pub fn distances(x: ArrayView2<f64>) -> Array2<f64> {
    let k = x.nrows();
    Array2::from_shape_fn((k, k), |(i, j)| {
        x.row(i).iter().zip(x.row(j)).map(|(a, b)| (a - b) * (a - b)).sum::<f64>().sqrt()
    })
}

/// Places k things in the plane by their `distances` (k × k, symmetric, zero on the diagonal): eigenvectors of the doubly
/// centred squared distances (Torgerson 1952). Distances between points of a plane come out exactly.
///
/// # Errors
/// [`Error::Data`] where a distance is not finite, or the decomposition fails.
pub fn classical_mds(distances: ArrayView2<f64>) -> Result<Mds> {
    let k = distances.nrows();
    if distances.iter().any(|d| !d.is_finite()) {
        return Err(Error::data("The distances between the clusters leave the range of numbers; try another scale."));
    }
    let mut at = Array2::zeros((k, 2));
    let mut held = 1.0;
    if k > 1 {
        let squared = distances.mapv(|d| d * d);
        let rows: Vec<f64> = squared.rows().into_iter().map(|r| r.sum() / k as f64).collect();
        let all = rows.iter().sum::<f64>() / k as f64;
        let centred = Array2::from_shape_fn((k, k), |(i, j)| {
            let (i, j) = (i.min(j), i.max(j));
            -0.5 * (squared[[i, j]] - rows[i] - rows[j] + all)
        });
        let failed = |e: String| Error::data(format!("The clusters could not be placed ({e}); try another scale."));
        let (values, vectors) = centred.eigh().map_err(|e| failed(e.to_string()))?;
        let mut order: Vec<usize> = (0..k).collect();
        order.sort_by(|&a, &b| values[b].total_cmp(&values[a]).then(a.cmp(&b)));
        for (axis, &from) in order.iter().take(2).enumerate() {
            let vector = vectors.column(from);
            let largest = vector.iter().fold(0.0_f64, |m, v| m.max(v.abs()));
            let decides = vector.iter().find(|v| v.abs() >= largest * (1.0 - 1e-9)).copied().unwrap_or(1.0);
            let length = values[from].max(0.0).sqrt() * decides.signum();
            at.column_mut(axis).assign(&(&vector * length));
        }
        let total: f64 = values.iter().map(|v| v.abs()).sum();
        if total > 0.0 {
            held = order.iter().take(2).map(|&i| values[i].max(0.0)).sum::<f64>() / total;
        }
    }
    let (mut wrong, mut sum, mut worst) = (0.0, 0.0, None);
    for i in 0..k {
        for j in i + 1..k {
            let (d, shown) = (distances[[i, j]], (at[[i, 0]] - at[[j, 0]]).hypot(at[[i, 1]] - at[[j, 1]]));
            wrong += (d - shown) * (d - shown);
            sum += d * d;
            if worst.is_none_or(|(_, _, a, b): (usize, usize, f64, f64)| (d - shown).abs() > (a - b).abs()) {
                worst = Some((i, j, d, shown));
            }
        }
    }
    let stress = if sum > 0.0 { (wrong / sum).sqrt() } else { 0.0 };
    Ok(Mds { at, held, stress, worst })
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;
    use proptest::prelude::*;

    #[test]
    fn equals_numpy_on_five_things_that_no_plane_holds() {
        // tests/golden/mds/mds.py
        let d = array![
            [0.0, 3.0, 4.0, 5.0, 2.5],
            [3.0, 0.0, 5.0, 4.0, 2.0],
            [4.0, 5.0, 0.0, 3.5, 3.0],
            [5.0, 4.0, 3.5, 0.0, 4.5],
            [2.5, 2.0, 3.0, 4.5, 0.0]
        ];
        let found = classical_mds(d.view()).unwrap();
        let at = [
            [-1.7219279261964346, 0.8464239551421984],
            [-1.5769037684937348, -1.731403934516062],
            [1.861924424497449, 1.8974150517824873],
            [2.5152838299811555, -1.6410582477039386],
            [-1.078376559788435, 0.6286231752953161],
        ];
        for (found, expected) in found.at.iter().zip(at.iter().flatten()) {
            assert!((found - expected).abs() < 1e-9, "{found} {expected}");
        }
        assert!((found.held - 0.8352402688527297).abs() < 1e-12, "{}", found.held);
        assert!((found.stress - 0.16441018893633785).abs() < 1e-12, "{}", found.stress);
        let (i, j, ..) = found.worst.unwrap();
        assert_eq!((i, j), (0, 4));
    }

    #[test]
    fn one_two_and_equal_things() {
        let one = classical_mds(array![[0.0]].view()).unwrap();
        assert_eq!((one.at.dim(), one.stress, one.worst), ((1, 2), 0.0, None));
        let two = classical_mds(array![[0.0, 3.0], [3.0, 0.0]].view()).unwrap();
        assert!((two.at[[0, 0]] - 1.5).abs() < 1e-12 && (two.at[[1, 0]] + 1.5).abs() < 1e-12, "{:?}", two.at);
        let equal = classical_mds(Array2::zeros((3, 3)).view()).unwrap();
        assert!(equal.at.iter().all(|v| *v == 0.0) && equal.held == 1.0);
        assert!(classical_mds(array![[0.0, f64::NAN], [f64::NAN, 0.0]].view()).is_err());
        assert_eq!(classical_mds(Array2::zeros((0, 0)).view()).unwrap().at.nrows(), 0);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(80))]
        #[test]
        fn planar_configurations_come_back_exactly(values in prop::collection::vec(-1000i32..1000, 4..24)) {
            let x = Array2::from_shape_fn((values.len() / 2, 2), |(i, j)| f64::from(values[2 * i + j]) / 64.0);
            let d = distances(x.view());
            let found = classical_mds(d.view()).unwrap();
            let again = distances(found.at.view());
            prop_assert!(d.iter().zip(&again).all(|(a, b)| (a - b).abs() < 1e-5), "{:?} {:?}", d, again);
            prop_assert!(found.stress < 1e-6 && found.held > 1.0 - 1e-9);
        }
    }
}

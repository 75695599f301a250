//! Inverse and determinant of a covariance, for rules that are written down.

use ndarray::Array2;

/// The inverse of a symmetric positive definite matrix and the logarithm of its determinant, by Cholesky's
/// factorisation (Golub & Van Loan 2013, section 4.2). NaN where the matrix is not positive definite.
pub fn inverse_and_log_det(matrix: &Array2<f64>) -> (Array2<f64>, f64) {
    let d = matrix.nrows();
    let mut lower = Array2::<f64>::zeros((d, d));
    for i in 0..d {
        for j in 0..=i {
            let known: f64 = (0..j).map(|k| lower[[i, k]] * lower[[j, k]]).sum();
            let rest = matrix[[i, j]] - known;
            lower[[i, j]] = if i == j { rest.sqrt() } else { rest / lower[[j, j]] };
        }
    }
    let log_det = 2.0 * (0..d).map(|i| lower[[i, i]].ln()).sum::<f64>();
    // The inverse of the lower triangle, column by column.
    let mut inner = Array2::<f64>::zeros((d, d));
    for j in 0..d {
        for i in j..d {
            let known: f64 = (j..i).map(|k| lower[[i, k]] * inner[[k, j]]).sum();
            inner[[i, j]] = (if i == j { 1.0 } else { 0.0 } - known) / lower[[i, i]];
        }
    }
    (inner.t().dot(&inner), log_det)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_inverse_times_the_matrix_is_one() {
        let matrix = ndarray::array![[4.0, 2.0, 0.6], [2.0, 3.0, 0.4], [0.6, 0.4, 1.5]];
        let (inverse, log_det) = inverse_and_log_det(&matrix);
        let one = inverse.dot(&matrix);
        for i in 0..3 {
            for j in 0..3 {
                assert!((one[[i, j]] - if i == j { 1.0 } else { 0.0 }).abs() < 1e-12);
            }
        }
        // By the rule of Sarrus: 18 + 0.48 + 0.48 − 1.08 − 0.64 − 6.
        assert!((log_det - 11.24_f64.ln()).abs() < 1e-12);
        assert!(inverse_and_log_det(&ndarray::array![[1.0, 2.0], [2.0, 1.0]]).1.is_nan());
    }
}

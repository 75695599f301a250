//! Transforms of one feature before scaling, and Yeo-Johnson's exponent by maximum likelihood.

use rayon::prelude::*;

use crate::ctx::Ctx;
use crate::error::Result;

/// Values per task of a parallel sum. Fixed, so that sums do not depend on the number of threads.
const CHUNK: usize = 8192;

/// Yeo-Johnson's power transform (Yeo & Johnson 2000, Biometrika 87(4), eq. 2.1).
pub fn yeo_johnson(y: f64, lambda: f64) -> f64 {
    if y >= 0.0 {
        if lambda.abs() < f64::EPSILON { y.ln_1p() } else { (lambda * y.ln_1p()).exp_m1() / lambda }
    } else {
        let mirrored = 2.0 - lambda;
        if mirrored.abs() < f64::EPSILON { -(-y).ln_1p() } else { -(mirrored * (-y).ln_1p()).exp_m1() / mirrored }
    }
}

/// The value whose transform is `t`. NaN where `t` lies outside the transform's range.
pub fn yeo_johnson_inverse(t: f64, lambda: f64) -> f64 {
    if t >= 0.0 {
        if lambda.abs() < f64::EPSILON { t.exp_m1() } else { ((lambda * t).ln_1p() / lambda).exp_m1() }
    } else {
        let mirrored = 2.0 - lambda;
        if mirrored.abs() < f64::EPSILON { -(-t).exp_m1() } else { -((-mirrored * t).ln_1p() / mirrored).exp_m1() }
    }
}

/// The exponent under which the transformed values are most nearly normal: the maximum of the profile
/// log-likelihood −n/2·ln var(y_λ) + (λ−1)·Σ sign(y)·ln(1+|y|) (Yeo & Johnson 2000, eq. 3.1), as
/// scikit-learn's `PowerTransformer` finds it. One for values that are all equal.
pub fn yeo_johnson_lambda(values: &[f64], ctx: &Ctx) -> Result<f64> {
    let Some(&first) = values.first() else { return Ok(1.0) };
    if values.iter().all(|&v| v == first) {
        return Ok(1.0);
    }
    let n = values.len() as f64;
    let slope = chunked_sum(values, |y| y.signum() * y.abs().ln_1p());
    // The search evaluates the likelihood about thirty times; each is a unit of progress.
    let mut evaluations = 0;
    let mut negative_log_likelihood = |lambda: f64| -> Result<f64> {
        evaluations += 1;
        ctx.tick(evaluations, 40)?;
        let transformed: Vec<f64> = values.par_iter().with_min_len(CHUNK).map(|&y| yeo_johnson(y, lambda)).collect();
        let mean = chunked_sum(&transformed, |t| t) / n;
        let variance = chunked_sum(&transformed, |t| (t - mean) * (t - mean)) / n;
        let value = n / 2.0 * variance.ln() - (lambda - 1.0) * slope;
        // Overflow, or values that have collapsed onto one another: nothing to be found out there.
        Ok(if value.is_finite() { value } else { f64::INFINITY })
    };
    let bracket = bracket(&mut negative_log_likelihood)?;
    brent(bracket, &mut negative_log_likelihood)
}

fn chunked_sum(values: &[f64], of: impl Fn(f64) -> f64 + Sync) -> f64 {
    let parts: Vec<f64> = values.par_chunks(CHUNK).map(|c| c.iter().map(|&v| of(v)).sum()).collect();
    parts.iter().sum()
}

/// Three points with the least value in the middle, found by widening around [−2, 2]. Returns the outer
/// points and the middle one.
fn bracket(f: &mut impl FnMut(f64) -> Result<f64>) -> Result<(f64, f64, f64)> {
    let (mut low, mut mid, mut high) = (-2.0, 1.0, 4.0);
    let mut at_mid = f(mid)?;
    let mut step = 4.0;
    for _ in 0..20 {
        let at_low = f(low)?;
        if at_low < at_mid {
            (high, mid, at_mid) = (mid, low, at_low);
            low -= step;
            step *= 2.0;
            continue;
        }
        let at_high = f(high)?;
        if at_high < at_mid {
            (low, mid, at_mid) = (mid, high, at_high);
            high += step;
            step *= 2.0;
            continue;
        }
        break;
    }
    Ok((low, mid, high))
}

/// Brent's minimisation without derivatives (Brent 1973, chapter 5): parabolas where they help, golden
/// sections otherwise.
fn brent((mut a, start, mut b): (f64, f64, f64), f: &mut impl FnMut(f64) -> Result<f64>) -> Result<f64> {
    const GOLDEN: f64 = 0.381_966_011_250_105;
    const TOLERANCE: f64 = 1e-9;
    let (mut x, mut w, mut v) = (start, start, start);
    let mut fx = f(x)?;
    let (mut fw, mut fv) = (fx, fx);
    let (mut step, mut before_last) = (0.0_f64, 0.0_f64);
    for _ in 0..100 {
        let middle = 0.5 * (a + b);
        let tolerance = TOLERANCE * x.abs() + 1e-10;
        if (x - middle).abs() <= 2.0 * tolerance - 0.5 * (b - a) {
            break;
        }
        let mut golden = true;
        if before_last.abs() > tolerance {
            let r = (x - w) * (fx - fv);
            let mut q = (x - v) * (fx - fw);
            let mut p = (x - v) * q - (x - w) * r;
            q = 2.0 * (q - r);
            if q > 0.0 {
                p = -p;
            }
            q = q.abs();
            if p.is_finite() && p.abs() < (0.5 * q * before_last).abs() && p > q * (a - x) && p < q * (b - x) {
                before_last = step;
                step = p / q;
                let u = x + step;
                if u - a < 2.0 * tolerance || b - u < 2.0 * tolerance {
                    step = tolerance.copysign(middle - x);
                }
                golden = false;
            }
        }
        if golden {
            before_last = if x >= middle { a - x } else { b - x };
            step = GOLDEN * before_last;
        }
        let u = if step.abs() >= tolerance { x + step } else { x + tolerance.copysign(step) };
        let fu = f(u)?;
        if fu <= fx {
            if u >= x {
                a = x
            } else {
                b = x
            }
            (v, fv, w, fw, x, fx) = (w, fw, x, fx, u, fu);
        } else {
            if u < x {
                a = u
            } else {
                b = u
            }
            if fu <= fw || w == x {
                (v, fv, w, fw) = (w, fw, u, fu);
            } else if fu <= fv || v == x || v == w {
                (v, fv) = (u, fu);
            }
        }
    }
    Ok(x)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lambda_is_that_of_scikit_learn() {
        // The example of scikit-learn's PowerTransformer; see REFERENCE.md.
        let ctx = Ctx::silent();
        assert!((yeo_johnson_lambda(&[1.0, 3.0, 4.0], &ctx).unwrap() - 1.38668).abs() < 1e-5);
        assert!((yeo_johnson_lambda(&[2.0, 2.0, 5.0], &ctx).unwrap() + 3.10053).abs() < 1e-5);
    }

    #[test]
    fn lambda_of_mixed_signs_is_that_of_scikit_learn() {
        // scikit-learn 1.9.1: PowerTransformer(standardize=False).fit(x).lambdas_
        let x = [-3.5, -1.0, 0.0, 0.25, 1.5, 2.0, 8.0, 40.0];
        assert!((yeo_johnson_lambda(&x, &Ctx::silent()).unwrap() - 0.36193124).abs() < 1e-6);
    }

    #[test]
    fn the_formula_holds_on_both_sides_and_at_its_limits() {
        assert!((yeo_johnson(3.0, 2.0) - 7.5).abs() < 1e-12);
        assert!((yeo_johnson(3.0, 0.0) - 4f64.ln()).abs() < 1e-12);
        assert!((yeo_johnson(-3.0, 0.0) + 7.5).abs() < 1e-12);
        assert!((yeo_johnson(-3.0, 2.0) + 4f64.ln()).abs() < 1e-12);
        for lambda in [-1.5, 0.0, 0.5, 1.0, 2.0, 3.0] {
            for y in [-7.0, -0.5, 0.0, 0.5, 7.0] {
                assert!((yeo_johnson_inverse(yeo_johnson(y, lambda), lambda) - y).abs() < 1e-9, "{y} {lambda}");
            }
        }
    }

    #[test]
    fn equal_values_keep_their_scale() {
        assert_eq!(yeo_johnson_lambda(&[4.0; 9], &Ctx::silent()).unwrap(), 1.0);
    }
}

//! Squared Euclidean distances of the rows of a block, in loops that the compiler turns into vector code.

use super::blocks::BLOCK;

/// One number per row of a block.
pub type Lane = [f64; BLOCK];

/// Squared distances of the rows of a block (feature by feature) to `center`.
#[inline]
pub fn squared(block: &[f64], center: &[f64], out: &mut Lane) {
    match center.len() {
        1 => fixed::<1>(block, center, out),
        2 => fixed::<2>(block, center, out),
        3 => fixed::<3>(block, center, out),
        4 => fixed::<4>(block, center, out),
        5 => fixed::<5>(block, center, out),
        6 => fixed::<6>(block, center, out),
        7 => fixed::<7>(block, center, out),
        8 => fixed::<8>(block, center, out),
        _ => {
            out.fill(0.0);
            for (column, &c) in block.chunks_exact(BLOCK).zip(center) {
                for i in 0..BLOCK {
                    let difference = column[i] - c;
                    out[i] += difference * difference;
                }
            }
        }
    }
}

/// With the number of features known, the sum over them stays in registers. Same order of additions as the
/// general case.
#[inline(always)]
fn fixed<const D: usize>(block: &[f64], center: &[f64], out: &mut Lane) {
    let columns: [&[f64]; D] = std::array::from_fn(|j| &block[j * BLOCK..][..BLOCK]);
    let center: [f64; D] = std::array::from_fn(|j| center[j]);
    for i in 0..BLOCK {
        let mut sum = 0.0;
        for j in 0..D {
            let difference = columns[j][i] - center[j];
            sum += difference * difference;
        }
        out[i] = sum;
    }
}

/// The nearest of `candidates` (rows of `centers`, d numbers each) for every row of a block, and its squared
/// distance. Of equally near ones the first wins.
#[inline]
pub fn nearest(
    block: &[f64],
    d: usize,
    centers: &[f64],
    candidates: impl Iterator<Item = usize>,
    label: &mut [u64; BLOCK],
    best: &mut Lane,
) {
    best.fill(f64::INFINITY);
    let mut distance = [0.0; BLOCK];
    for c in candidates {
        squared(block, &centers[c * d..][..d], &mut distance);
        // Labels as wide as distances, so that both are selected by the same mask.
        for i in 0..BLOCK {
            let closer = distance[i] < best[i];
            best[i] = if closer { distance[i] } else { best[i] };
            label[i] = if closer { c as u64 } else { label[i] };
        }
    }
}

/// Squared distance from `point` to the nearest point of a box.
#[inline]
pub fn squared_to_box(point: &[f64], lo: &[f64], hi: &[f64]) -> f64 {
    let mut sum = 0.0;
    for j in 0..point.len() {
        let outside = (lo[j] - point[j]).max(point[j] - hi[j]).max(0.0);
        sum += outside * outside;
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_width_gives_the_plain_sum() {
        for d in 1..12 {
            let block: Vec<f64> = (0..d * BLOCK).map(|i| (i as f64 * 0.37).sin()).collect();
            let centers: Vec<f64> = (0..3 * d).map(|i| (i as f64 * 1.7).cos()).collect();
            let (mut label, mut best) = ([9; BLOCK], [0.0; BLOCK]);
            nearest(&block, d, &centers, 0..3, &mut label, &mut best);
            for i in 0..BLOCK {
                let plain = |c: usize| (0..d).map(|j| (block[j * BLOCK + i] - centers[c * d + j]).powi(2)).sum::<f64>();
                let want = (0..3).min_by(|&p, &q| plain(p).total_cmp(&plain(q))).unwrap();
                assert_eq!(label[i], want as u64);
                assert!((best[i] - plain(want)).abs() < 1e-12);
            }
        }
    }
}

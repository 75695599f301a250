//! Squared Euclidean distances of the rows of a block, in loops that the compiler turns into vector code.
//!
//! On x86-64 each loop is compiled a second time for AVX2 and taken where the processor has it. No operation is fused or
//! reordered, so both give the same bits.

use super::blocks::BLOCK;

/// One number per row of a block.
pub type Lane = [f64; BLOCK];

/// Defines a function twice, for any processor and for AVX2, and picks one when it is called.
macro_rules! wide {
    ($(#[$doc:meta])* fn $name:ident($($arg:ident: $type:ty),*) $(-> $out:ty)? $body:block) => {
        $(#[$doc])*
        #[inline]
        pub(super) fn $name($($arg: $type),*) $(-> $out)? {
            #[inline(always)]
            fn plain($($arg: $type),*) $(-> $out)? $body

            #[cfg(target_arch = "x86_64")]
            {
                #[target_feature(enable = "avx2")]
                fn avx2($($arg: $type),*) $(-> $out)? {
                    plain($($arg),*)
                }
                if std::arch::is_x86_feature_detected!("avx2") {
                    // SAFETY: the processor has what the function was compiled for; it is safe code otherwise.
                    return unsafe { avx2($($arg),*) };
                }
            }
            plain($($arg),*)
        }
    };
}
pub(crate) use wide;

wide! {
    /// Squared distances of the rows of a block (feature by feature) to `center`.
    fn squared(block: &[f64], center: &[f64], out: &mut Lane) {
        by_width(block, center, out);
    }
}

wide! {
    /// The nearest of `candidates` (rows of `centers`, d numbers each) for every row of a block, and its squared
    /// distance. Of equally near ones the first wins.
    fn nearest(
        block: &[f64],
        d: usize,
        centers: &[f64],
        candidates: &[u32],
        label: &mut [u64; BLOCK],
        best: &mut Lane
    ) {
        match d {
            1 => nearest_fixed::<1>(block, centers, candidates, label, best),
            2 => nearest_fixed::<2>(block, centers, candidates, label, best),
            3 => nearest_fixed::<3>(block, centers, candidates, label, best),
            4 => nearest_fixed::<4>(block, centers, candidates, label, best),
            5 => nearest_fixed::<5>(block, centers, candidates, label, best),
            6 => nearest_fixed::<6>(block, centers, candidates, label, best),
            _ => nearest_wide(block, d, centers, candidates, label, best),
        }
    }
}

/// Rows handled at a time with many features: enough sums side by side to keep the processor busy.
const WIDE_GROUP: usize = 16;

#[inline(always)]
fn nearest_wide(
    block: &[f64],
    d: usize,
    centers: &[f64],
    candidates: &[u32],
    label: &mut [u64; BLOCK],
    best: &mut Lane,
) {
    for group in 0..BLOCK / WIDE_GROUP {
        let (mut least, mut whose) = ([f64::INFINITY; WIDE_GROUP], [0_u64; WIDE_GROUP]);
        for &c in candidates {
            let mut sum = [0.0; WIDE_GROUP];
            for (j, center) in centers[c as usize * d..][..d].iter().enumerate() {
                let column = &block[j * BLOCK + group * WIDE_GROUP..][..WIDE_GROUP];
                for i in 0..WIDE_GROUP {
                    let difference = column[i] - center;
                    sum[i] += difference * difference;
                }
            }
            for i in 0..WIDE_GROUP {
                whose[i] = if sum[i] < least[i] { u64::from(c) } else { whose[i] };
            }
            for i in 0..WIDE_GROUP {
                least[i] = if sum[i] < least[i] { sum[i] } else { least[i] };
            }
        }
        best[group * WIDE_GROUP..][..WIDE_GROUP].copy_from_slice(&least);
        label[group * WIDE_GROUP..][..WIDE_GROUP].copy_from_slice(&whose);
    }
}

/// The two least squared distances of each row of a block, and whose the least is.
pub struct NearestTwo {
    pub label: [u32; BLOCK],
    pub least: Lane,
    pub second: Lane,
}

impl NearestTwo {
    pub fn new() -> Self {
        NearestTwo { label: [0; BLOCK], least: [0.0; BLOCK], second: [0.0; BLOCK] }
    }
}

wide! {
    /// The nearest and the second nearest of `centers` (d numbers each) for every row of a block. Of equally near ones the
    /// first wins.
    fn nearest_two(block: &[f64], d: usize, centers: &[f64], out: &mut NearestTwo) {
        match d {
            1 => two_of::<1, 8>(block, 1, centers, out),
            2 => two_of::<2, 8>(block, 2, centers, out),
            3 => two_of::<3, 8>(block, 3, centers, out),
            4 => two_of::<4, 8>(block, 4, centers, out),
            _ => two_of::<0, 16>(block, d, centers, out),
        }
    }
}

/// `D` is the number of features where it is known beforehand, else zero; `G` rows are handled at a time.
#[inline(always)]
fn two_of<const D: usize, const G: usize>(block: &[f64], d: usize, centers: &[f64], out: &mut NearestTwo) {
    let d = if D == 0 { d } else { D };
    for group in 0..BLOCK / G {
        let (mut least, mut second) = ([f64::INFINITY; G], [f64::INFINITY; G]);
        let mut whose = [0_u64; G];
        for (c, center) in centers.chunks_exact(d).enumerate() {
            let mut sum = [0.0; G];
            for j in 0..d {
                let column = &block[j * BLOCK + group * G..][..G];
                for i in 0..G {
                    let difference = column[i] - center[j];
                    sum[i] += difference * difference;
                }
            }
            // One loop each: the compiler turns them into vector code only when they are as plain as this.
            for i in 0..G {
                let farther = if sum[i] > least[i] { sum[i] } else { least[i] };
                second[i] = if farther < second[i] { farther } else { second[i] };
            }
            for i in 0..G {
                whose[i] = if sum[i] < least[i] { c as u64 } else { whose[i] };
            }
            for i in 0..G {
                least[i] = if sum[i] < least[i] { sum[i] } else { least[i] };
            }
        }
        out.least[group * G..][..G].copy_from_slice(&least);
        out.second[group * G..][..G].copy_from_slice(&second);
        for (to, from) in out.label[group * G..].iter_mut().zip(whose) {
            *to = from as u32;
        }
    }
}

/// Rows handled at a time: their distances and labels fit into registers.
const GROUP: usize = 8;

#[inline(always)]
fn nearest_fixed<const D: usize>(
    block: &[f64],
    centers: &[f64],
    candidates: &[u32],
    label: &mut [u64; BLOCK],
    best: &mut Lane,
) {
    for group in 0..BLOCK / GROUP {
        let values: [[f64; GROUP]; D] =
            std::array::from_fn(|j| std::array::from_fn(|i| block[j * BLOCK + group * GROUP + i]));
        let (mut least, mut whose) = ([f64::INFINITY; GROUP], [0; GROUP]);
        for &c in candidates {
            let center = &centers[c as usize * D..][..D];
            for i in 0..GROUP {
                let mut sum = 0.0;
                for j in 0..D {
                    let difference = values[j][i] - center[j];
                    sum += difference * difference;
                }
                let closer = sum < least[i];
                least[i] = if closer { sum } else { least[i] };
                whose[i] = if closer { u64::from(c) } else { whose[i] };
            }
        }
        best[group * GROUP..][..GROUP].copy_from_slice(&least);
        label[group * GROUP..][..GROUP].copy_from_slice(&whose);
    }
}

wide! {
    /// Adds the rows of a block that have the label `c` to `sums` (one per feature) and returns their number.
    fn add_labelled(block: &[f64], label: &[u64; BLOCK], c: u32, sums: &mut [f64]) -> usize {
        let c = u64::from(c);
        // Zeros and ones as weights: no branches, and finite values times one are themselves.
        let mut weight = [0.0; BLOCK];
        for i in 0..BLOCK {
            weight[i] = if label[i] == c { 1.0 } else { 0.0 };
        }
        for (sum, column) in sums.iter_mut().zip(block.chunks_exact(BLOCK)) {
            *sum += weighted(column, &weight);
        }
        weighted(&[1.0; BLOCK], &weight) as usize
    }
}

#[inline(always)]
fn weighted(values: &[f64], weight: &Lane) -> f64 {
    let mut parts = [0.0; GROUP];
    for (values, weight) in values.chunks_exact(GROUP).zip(weight.chunks_exact(GROUP)) {
        for i in 0..GROUP {
            parts[i] += values[i] * weight[i];
        }
    }
    ((parts[0] + parts[4]) + (parts[1] + parts[5])) + ((parts[2] + parts[6]) + (parts[3] + parts[7]))
}

#[inline(always)]
fn by_width(block: &[f64], center: &[f64], out: &mut Lane) {
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
            nearest(&block, d, &centers, &[0, 1, 2], &mut label, &mut best);
            for i in 0..BLOCK {
                let plain = |c: usize| (0..d).map(|j| (block[j * BLOCK + i] - centers[c * d + j]).powi(2)).sum::<f64>();
                let want = (0..3).min_by(|&p, &q| plain(p).total_cmp(&plain(q))).unwrap();
                assert_eq!(label[i], want as u64);
                assert!((best[i] - plain(want)).abs() < 1e-12);
            }
            for c in 0..3 {
                let mut sums = vec![1.0; d];
                let rows: Vec<usize> = (0..BLOCK).filter(|&i| label[i] == c).collect();
                assert_eq!(add_labelled(&block, &label, c as u32, &mut sums), rows.len());
                for j in 0..d {
                    let want = 1.0 + rows.iter().map(|i| block[j * BLOCK + i]).sum::<f64>();
                    assert!((sums[j] - want).abs() < 1e-12);
                }
            }
        }
    }
}

//! An order of columns in which those that go together stand side by side.

/// Leaves of a tree of average linkage (UPGMA) on the distance 1 − |r|, each join turned so that the two columns that
/// meet there are as alike as can be. A pair without a correlation counts as unlike.
pub(super) fn cluster_order(r: &[Vec<f64>]) -> Vec<usize> {
    let like = |i: usize, j: usize| if r[i][j].is_nan() { 0.0 } else { r[i][j].abs() };
    let mut groups: Vec<Vec<usize>> = (0..r.len()).map(|i| vec![i]).collect();
    while groups.len() > 1 {
        let mean = |a: &[usize], b: &[usize]| {
            let sum: f64 = a.iter().flat_map(|&i| b.iter().map(move |&j| like(i, j))).sum();
            sum / (a.len() * b.len()) as f64
        };
        let (mut at, mut best) = ((0, 1), f64::NEG_INFINITY);
        for i in 0..groups.len() {
            for j in i + 1..groups.len() {
                let likeness = mean(&groups[i], &groups[j]);
                if likeness > best {
                    (at, best) = ((i, j), likeness);
                }
            }
        }
        let right = groups.remove(at.1);
        let left = std::mem::take(&mut groups[at.0]);
        groups[at.0] = join(left, right, &like);
    }
    groups.pop().unwrap_or_default()
}

/// One list of two, either of them turned round where that brings likes together.
fn join(mut left: Vec<usize>, mut right: Vec<usize>, like: &impl Fn(usize, usize) -> f64) -> Vec<usize> {
    let meet = |l: &[usize], r: &[usize], turn: (bool, bool)| {
        let l = if turn.0 { l[0] } else { l[l.len() - 1] };
        let r = if turn.1 { r[r.len() - 1] } else { r[0] };
        like(l, r)
    };
    let mut best = (false, false);
    for turn in [(true, false), (false, true), (true, true)] {
        if meet(&left, &right, turn) > meet(&left, &right, best) {
            best = turn;
        }
    }
    if best.0 {
        left.reverse();
    }
    if best.1 {
        right.reverse();
    }
    left.extend(right);
    left
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_goes_together_stands_together() {
        // Columns 0, 2, 4 go together, and so do 1 and 3.
        let r = |i: usize, j: usize| match (i, j) {
            _ if i == j => 1.0,
            _ if i % 2 != j % 2 => 0.05,
            (1, 3) | (3, 1) => -0.9,
            _ => 0.8,
        };
        let matrix: Vec<Vec<f64>> = (0..5).map(|i| (0..5).map(|j| r(i, j)).collect()).collect();
        let order = cluster_order(&matrix);
        let odd: Vec<bool> = order.iter().map(|i| i % 2 == 1).collect();
        assert_eq!(odd.windows(2).filter(|w| w[0] != w[1]).count(), 1, "{order:?}");
        assert_eq!(cluster_order(&[vec![1.0, f64::NAN], vec![f64::NAN, 1.0]]), [0, 1]);
        assert!(cluster_order(&[]).is_empty());
    }

    #[test]
    fn joins_are_turned() {
        // A chain 1 – 0 – 2 – 3 by likeness.
        let mut r = vec![vec![0.1; 4]; 4];
        for (i, j, v) in [(0, 1, 0.9), (2, 3, 0.8), (0, 2, 0.7), (1, 3, 0.2)] {
            (r[i][j], r[j][i]) = (v, v);
        }
        let order = cluster_order(&r);
        assert!(order == [1, 0, 2, 3] || order == [3, 2, 0, 1], "{order:?}");
    }
}

//! The borders between the nearest centroids of a plane: a Voronoi diagram.

use ndarray::ArrayView2;

/// Borders of the regions in which each of `centroids` (k × 2) is the nearest, as pairs of ends, within `[x, y]` ranges.
/// Time k³, which is nothing for the k of a lesson.
pub fn borders(centroids: ArrayView2<f64>, [x, y]: [(f64, f64); 2]) -> Vec<[[f64; 2]; 2]> {
    let at = |c: usize| [centroids[[c, 0]], centroids[[c, 1]]];
    let k = centroids.nrows();
    let reach = 4.0 * ((x.1 - x.0).abs() + (y.1 - y.0).abs()) + 1e-9;
    let mut found = Vec::new();
    for i in 0..k {
        for j in i + 1..k {
            let ([ax, ay], [bx, by]) = (at(i), at(j));
            let (dx, dy) = (bx - ax, by - ay);
            let length = dx.hypot(dy);
            if length <= 0.0 {
                continue;
            }
            // Along the line on which both are equally near, from its point between them.
            let middle = [(ax + bx) / 2.0, (ay + by) / 2.0];
            let along = [-dy / length, dx / length];
            let away = (middle[0] - (x.0 + x.1) / 2.0).hypot(middle[1] - (y.0 + y.1) / 2.0);
            let mut part = (-reach - away, reach + away);
            // Whatever is not nearer to a third one: c·t ≤ limit.
            let mut keep = |slope: f64, limit: f64| {
                if slope > 1e-12 {
                    part.1 = part.1.min(limit / slope);
                } else if slope < -1e-12 {
                    part.0 = part.0.max(limit / slope);
                } else if limit < 0.0 {
                    part = (1.0, 0.0);
                }
            };
            for m in (0..k).filter(|m| *m != i && *m != j) {
                let [cx, cy] = at(m);
                let (ex, ey) = (cx - ax, cy - ay);
                let slope = 2.0 * (along[0] * ex + along[1] * ey);
                let from = 2.0 * ((middle[0] - ax) * ex + (middle[1] - ay) * ey);
                keep(slope, ex * ex + ey * ey - from);
            }
            keep(along[0], x.1 - middle[0]);
            keep(-along[0], middle[0] - x.0);
            keep(along[1], y.1 - middle[1]);
            keep(-along[1], middle[1] - y.0);
            if part.0 < part.1 {
                found.push([part.0, part.1].map(|t| [middle[0] + along[0] * t, middle[1] + along[1] * t]));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::{Array2, array};

    const BOX: [(f64, f64); 2] = [(-10.0, 10.0), (-10.0, 10.0)];

    #[test]
    fn two_centroids_have_one_border_through_the_box() {
        let found = borders(array![[-1.0, 0.0], [3.0, 0.0]].view(), BOX);
        let [[a, b]] = found[..] else { panic!("{found:?}") };
        assert!((a[0] - 1.0).abs() < 1e-12 && (b[0] - 1.0).abs() < 1e-12);
        assert!((a[1].abs() - 10.0).abs() < 1e-9 && (a[1] + b[1]).abs() < 1e-9, "{a:?} {b:?}");
        assert!(borders(array![[0.0, 0.0]].view(), BOX).is_empty());
        assert!(borders(array![[1.0, 1.0], [1.0, 1.0]].view(), BOX).is_empty());
    }

    #[test]
    fn points_of_a_border_are_equally_near_to_two_and_to_none_nearer() {
        let centroids = Array2::from_shape_fn((9, 2), |(i, j)| ((i * 71 + j * 37) % 89) as f64 / 5.0 - 9.0);
        let found = borders(centroids.view(), BOX);
        assert!(found.len() >= 8, "{}", found.len());
        for [a, b] in found {
            for share in [0.001, 0.3, 0.5, 0.999] {
                let p = [a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share];
                assert!(p.iter().all(|v| v.abs() <= 10.0 + 1e-9), "{p:?}");
                let mut near: Vec<f64> =
                    centroids.rows().into_iter().map(|c| (c[0] - p[0]).hypot(c[1] - p[1])).collect();
                near.sort_by(f64::total_cmp);
                assert!((near[1] - near[0]).abs() < 1e-9, "{near:?}");
            }
        }
    }
}

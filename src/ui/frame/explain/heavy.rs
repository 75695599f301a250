//! Numbers of help texts that take longer than a frame on many customers: worked out once per customer table.

use std::rc::Rc;

use crate::rfm::RfmOut;
use crate::ui::scene::Scene;

/// What spending looks like.
#[derive(Debug, Clone, Default)]
pub struct Heavy {
    pub mean: f64,
    pub median: f64,
    pub most: f64,
    /// The share of all money that the fifth of customers brings who spent most, 0–1.
    pub top_fifth: f64,
}

/// `None` until they are there, and where nothing is known of money.
pub fn of(ctx: &egui::Context, scene: &mut Scene) -> Option<Rc<Heavy>> {
    let rfm = scene.session.rfm.get().filter(|r| r.has_money() && !r.customers.is_empty())?.clone();
    let rows = rfm.customers.len();
    scene
        .cache
        .get_later("numbers of help", rfm, rows, ctx, |rfm: &std::sync::Arc<RfmOut>| work_out(rfm.customers.monetary()))
}

fn work_out(spent: &[f64]) -> Heavy {
    let mut sorted: Vec<f64> = spent.to_vec();
    sorted.sort_unstable_by(|a, b| b.total_cmp(a));
    let (n, sum) = (sorted.len(), sorted.iter().sum::<f64>());
    let median = (sorted[(n - 1) / 2] + sorted[n / 2]) / 2.0;
    let fifth = n.div_ceil(5);
    let top: f64 = sorted[..fifth].iter().sum();
    Heavy { mean: sum / n as f64, median, most: sorted[0], top_fifth: top / sum }
}

#[cfg(test)]
mod tests {
    use super::work_out;

    #[test]
    fn the_best_fifth_and_the_middle() {
        let heavy = work_out(&[1.0, 50.0, 2.0, 3.0, 4.0, 30.0, 5.0, 1.0, 2.0, 2.0]);
        assert_eq!((heavy.mean, heavy.median, heavy.most), (10.0, 2.5, 50.0));
        assert!((heavy.top_fifth - 0.8).abs() < 1e-12);
    }
}

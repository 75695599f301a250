//! What the part of a recipe about scores must hold to.

use super::Rfm;
use crate::error::{Error, Result};
use crate::rfm::SegmentMap;

impl Rfm {
    /// Refuses numbers of scores, cut points and segment maps that cannot be used, and says what to do.
    pub(super) fn check(&self) -> Result<()> {
        if !(3..=10).contains(&self.scores) {
            return Err(Error::Recipe(format!("scores is {}; it has to lie within 3..10", self.scores)));
        }
        let axes =
            [("recency", &self.recency_cuts), ("frequency", &self.frequency_cuts), ("monetary", &self.monetary_cuts)];
        for (axis, cuts) in axes {
            if let Some(cuts) = cuts {
                self.check_cuts(axis, cuts)?;
            }
        }
        SegmentMap::of(self).map(drop)
    }

    fn check_cuts(&self, axis: &str, cuts: &[f64]) -> Result<()> {
        let (has, needs) = (cuts.len(), self.scores as usize - 1);
        let wrong = if has != needs {
            format!("has {has} cut points, but {} scores need {needs}; give {needs}", self.scores)
        } else if cuts.iter().any(|c| !c.is_finite()) {
            "has a cut point that is no number; write plain numbers".into()
        } else if let Some(pair) = cuts.windows(2).find(|pair| pair[0] > pair[1]) {
            format!("has {} before {}; write its cut points smallest first", pair[0], pair[1])
        } else {
            return Ok(());
        };
        Err(Error::Recipe(format!("{axis}_cuts {wrong}, or leave {axis}_cuts out for quantiles")))
    }
}

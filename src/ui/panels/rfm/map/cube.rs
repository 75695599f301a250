//! Customers and money per combination of scores: what a map, or a change of it, means for the customers there are.

use std::rc::Rc;
use std::sync::Arc;

use egui::Ui;

use super::super::made;
use crate::rfm::RfmOut;
use crate::ui::scene::Scene;

/// Sums per combination of scores, `[(r · s + f) · s + m]` from score 1; customers without a monetary score count as 1.
pub struct Cube {
    pub scores: u8,
    pub customers: Vec<usize>,
    pub selected: Vec<usize>,
    pub total: usize,
}

impl Cube {
    /// Counts the customers of a table with scores.
    pub fn of(rfm: &RfmOut, selection: &[u32]) -> Cube {
        let s = rfm.scores.first().map_or(0, |a| a.sizes.len());
        let mut cube = Cube {
            scores: s as u8,
            customers: vec![0; s * s * s],
            selected: vec![0; s * s * s],
            total: rfm.customers.len(),
        };
        for i in 0..rfm.customers.len() {
            cube.customers[place(rfm, i, s)] += 1;
        }
        for &i in selection.iter().filter(|i| (**i as usize) < rfm.customers.len()) {
            cube.selected[place(rfm, i as usize, s)] += 1;
        }
        cube
    }

    /// Sums by whatever the scores lead to: `to` gets recency, frequency and monetary score and gives a place.
    pub fn sums(&self, n: usize, to: impl Fn(u8, u8, u8) -> Option<usize>) -> Vec<usize> {
        self.add(&self.customers, n, to)
    }

    /// The same of selected customers.
    pub fn selected(&self, n: usize, to: impl Fn(u8, u8, u8) -> Option<usize>) -> Vec<usize> {
        self.add(&self.selected, n, to)
    }

    fn add(&self, counts: &[usize], n: usize, to: impl Fn(u8, u8, u8) -> Option<usize>) -> Vec<usize> {
        let s = usize::from(self.scores);
        let mut out = vec![0; n];
        for (i, count) in counts.iter().enumerate().filter(|(_, count)| **count > 0) {
            let score = |place: usize| (place % s) as u8 + 1;
            if let Some(sum) = to(score(i / (s * s)), score(i / s), score(i)).and_then(|at| out.get_mut(at)) {
                *sum += count;
            }
        }
        out
    }
}

fn place(rfm: &RfmOut, customer: usize, s: usize) -> usize {
    let score = |axis: usize| rfm.scores.get(axis).map_or(0, |a| usize::from(a.scores[customer]) - 1);
    (score(0) * s + score(1)) * s + score(2)
}

/// The sums of the customers in force.
pub fn made(ui: &Ui, scene: &mut Scene, rfm: &Arc<RfmOut>) -> Option<Rc<Cube>> {
    let input = (rfm.clone(), scene.selection.customers.clone());
    made::of(ui, scene, "customers per score", input, rfm.customers.len(), |(rfm, selection)| Cube::of(rfm, selection))
}

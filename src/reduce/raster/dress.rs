//! What the points wear: an ink each, and whether they are hidden or stand back.

use super::{Cloud, STRIDE};
use crate::ctx::Ctx;
use crate::error::Result;

const HIDDEN: u16 = 0x8000;
const BACK: u16 = 0x4000;
const INK: u16 = 0x3fff;

/// One entry per point of a cloud, and what the inks look like.
#[derive(Debug, Default)]
pub struct Dress {
    of: Vec<u16>,
    /// Red, green, blue.
    pub inks: Vec<[u8; 3]>,
    /// What points that stand back fade into.
    pub ground: [u8; 3],
    /// Points that are not hidden.
    pub shown: usize,
    /// Whether some stand back because others are selected.
    pub selects: bool,
}

impl Dress {
    /// `ink` gives the ink of a customer (a place in `inks`), `None` where they are hidden; `selected` are places in the
    /// customer table in ascending order, behind which all others stand back; nobody does where it is empty.
    ///
    /// # Errors
    /// [`crate::error::Error::Cancelled`].
    pub fn new(
        cloud: &Cloud,
        inks: Vec<[u8; 3]>,
        ground: [u8; 3],
        ink: impl Fn(u32) -> Option<u16>,
        selected: &[u32],
        ctx: &Ctx,
    ) -> Result<Dress> {
        let mut chosen = Vec::new();
        if !selected.is_empty() {
            chosen = vec![false; cloud.customers.iter().max().map_or(0, |m| *m as usize + 1)];
            for &customer in selected {
                if let Some(chosen) = chosen.get_mut(customer as usize) {
                    *chosen = true;
                }
            }
        }
        let mut of = Vec::with_capacity(cloud.len());
        let mut shown = 0;
        for (i, &customer) in cloud.customers.iter().enumerate() {
            if i.is_multiple_of(STRIDE) {
                ctx.tick(i, cloud.len())?;
            }
            of.push(match ink(customer) {
                None => HIDDEN,
                Some(ink) => {
                    shown += 1;
                    let back = !chosen.is_empty() && !chosen[customer as usize];
                    (ink & INK).min(inks.len().saturating_sub(1) as u16) | if back { BACK } else { 0 }
                }
            });
        }
        Ok(Dress { of, inks, ground, shown, selects: !selected.is_empty() })
    }

    /// Whether a point is not hidden.
    pub fn is_shown(&self, point: usize) -> bool {
        self.of[point] & HIDDEN == 0
    }

    /// Whether a point stands back behind the selected ones.
    pub fn stands_back(&self, point: usize) -> bool {
        self.of[point] & BACK != 0
    }

    /// The colour of a point that is not hidden.
    pub fn color(&self, point: usize) -> [u8; 3] {
        self.inks[(self.of[point] & INK) as usize]
    }

    /// What standing back looks like: a share of the colour on the ground.
    pub fn faded(&self, color: [u8; 3], share: f32) -> [u8; 3] {
        std::array::from_fn(|i| {
            let (ground, color) = (f32::from(self.ground[i]), f32::from(color[i]));
            (ground + (color - ground) * share).round() as u8
        })
    }
}

//! How each kind of mark is drawn.

pub(super) mod bars;
pub(super) mod boxes;
pub(super) mod cells;
pub(super) mod discs;
pub(super) mod flow;
pub(super) mod lines;
pub(super) mod points;
pub mod tiles;

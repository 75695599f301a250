//! What stands around the panels: bars, rail, drawer, palette, and what hovers over everything.

pub mod drop;
pub mod explain;
pub mod keys;
pub mod mark;
mod markdown;
pub mod palette;
pub mod project;
pub mod rail;
mod selection;
pub mod status_bar;
pub mod strip;
pub mod toasts;
pub mod top_bar;

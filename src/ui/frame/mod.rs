//! What stands around the panels: bars, rail, drawer, palette, sheets, and what hovers over everything.

mod checklist;
pub mod drop;
pub mod explain;
mod history;
pub mod keys;
pub mod mark;
mod markdown;
pub mod palette;
pub mod project;
pub mod rail;
mod selection;
pub mod sheets;
pub mod status_bar;
pub mod strip;
pub mod toasts;
pub mod top_bar;

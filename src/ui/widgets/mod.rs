//! Pieces that panels share.

pub mod button;
pub mod card;
pub mod choice;
pub mod customers;
pub mod histogram;
pub mod state;
pub mod text;

//! Pieces that panels share.

pub mod button;
pub mod card;
pub mod chart;
pub mod chip;
pub mod choice;
pub mod customer_rows;
pub mod customers;
pub mod decimal;
pub mod expression;
pub mod formula;
pub mod histogram;
pub mod pick;
pub mod shape;
pub mod sheet;
pub mod spread;
pub mod state;
pub mod text;

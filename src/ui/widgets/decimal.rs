//! Decimal numbers to be dragged or typed, written like all others.

use std::ops::RangeInclusive;

use egui::{DragValue, Slider};

use crate::format;

/// A number to be dragged or typed, with at most so many decimals.
pub fn drag(value: &mut f64, decimals: usize) -> DragValue<'_> {
    DragValue::new(value)
        .max_decimals(decimals)
        .custom_formatter(move |v, _| format::field(v, decimals))
        .custom_parser(format::typed)
}

/// The same with a slider before it.
pub fn slider(value: &mut f64, range: RangeInclusive<f64>, decimals: usize) -> Slider<'_> {
    Slider::new(value, range)
        .max_decimals(decimals)
        .custom_formatter(move |v, _| format::field(v, decimals))
        .custom_parser(format::typed)
}

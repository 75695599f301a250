//! From what was pointed at in a chart to the customers that it stands for.

use super::{Question, Subject};
use super::{categories, columns, scatter, timeline};
use crate::chart::{Chart, Marks, Pointed};
use crate::ctx::Ctx;
use crate::error::Result;

use super::view::View;

/// The customers that a mark, a stretch or an area of `chart` stands for, as ascending places in the customer table.
/// `chart` is an answer to `question` (one of them, where there are several). Rows stand for their customers; customers
/// that RFM left out have no place. What stands for nobody gives nobody.
///
/// # Errors
/// A column that is not there; [`crate::error::Error::Cancelled`].
pub fn pick(subject: &Subject, question: &Question, chart: &Chart, pointed: Pointed, ctx: &Ctx) -> Result<Vec<u32>> {
    if matches!(chart.marks, Marks::Nothing | Marks::Empty(_)) {
        return Ok(Vec::new());
    }
    match question {
        Question::Histogram { source, column, .. } => {
            let view = View::of(subject, *source);
            let numbers = columns::numbers(&view, column, ctx)?;
            let Some(within) = stretch(chart, pointed) else { return Ok(Vec::new()) };
            view.customers_where(|place| within.has(numbers.at(&view, place)), ctx)
        }
        Question::Scatter { source, x, y, color, log_x, log_y } => {
            let wanted =
                scatter::Wanted { source: *source, x, y, color: color.as_deref(), log_x: *log_x, log_y: *log_y };
            match pointed {
                Pointed::Mark(point) => scatter::pick_one(subject, &wanted, point, ctx),
                Pointed::Area { x, y } => scatter::pick(subject, &wanted, x, y, ctx),
                Pointed::Range { from, to } => {
                    scatter::pick(subject, &wanted, (from, to), (f64::NEG_INFINITY, f64::INFINITY), ctx)
                }
            }
        }
        Question::Categories { source, column, measure, most } => {
            let wanted = categories::Wanted { source: *source, column, measure: *measure, most: *most };
            match pointed {
                Pointed::Mark(bar) => categories::pick(subject, &wanted, bar, ctx),
                _ => Ok(Vec::new()),
            }
        }
        Question::Timeline { period, .. } => match pointed {
            Pointed::Mark(point) => timeline::pick_one(subject, *period, point, ctx),
            Pointed::Range { from, to } | Pointed::Area { x: (from, to), .. } => {
                timeline::pick(subject, *period, from.min(to), from.max(to), ctx)
            }
        },
        // Statistics of columns and pairs of columns stand for nobody.
        _ => Ok(Vec::new()),
    }
}

/// Values from–to.
struct Stretch {
    from: f64,
    to: f64,
    /// Whether `to` itself is meant too.
    closed: bool,
}

impl Stretch {
    fn has(&self, value: f64) -> bool {
        self.from <= value && (value < self.to || (self.closed && value == self.to))
    }
}

/// What part of the horizontal axis is meant: a bar's own, or one that was drawn.
fn stretch(chart: &Chart, pointed: Pointed) -> Option<Stretch> {
    match pointed {
        Pointed::Mark(number) => {
            let Marks::Bars(bars) = &chart.marks else { return None };
            let bar = bars.get(number)?;
            Some(Stretch { from: bar.from, to: bar.to, closed: number + 1 == bars.len() })
        }
        Pointed::Range { from, to } | Pointed::Area { x: (from, to), .. } => {
            Some(Stretch { from: from.min(to), to: from.max(to), closed: true })
        }
    }
}

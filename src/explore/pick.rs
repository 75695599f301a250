//! From what was pointed at in a chart to the customers that it stands for.

use super::view::View;
use super::{Question, Subject};
use super::{boxes, categories, cohorts, columns, missing, outliers, pareto, scatter, timeline, week_hours};
use crate::chart::{Chart, Ink, Marks, Pointed};
use crate::ctx::Ctx;
use crate::error::Result;

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
        Question::Boxes { source, column, by, log } => {
            let wanted = boxes::Wanted { source: *source, column, by: by.as_deref(), log: *log };
            let Marks::Boxes(plots) = &chart.marks else { return Ok(Vec::new()) };
            match pointed {
                Pointed::Mark(number) => match plots.get(number) {
                    Some(plot) => boxes::pick(subject, &wanted, |group, _| group == plot.at as usize, ctx),
                    None => Ok(Vec::new()),
                },
                Pointed::Range { from, to } => {
                    let touched = |group: usize| from.min(to) < group as f64 + 1.0 && from.max(to) > group as f64;
                    boxes::pick(subject, &wanted, |group, _| touched(group), ctx)
                }
                Pointed::Area { x, y } => {
                    let touched = |group: usize| x.0.min(x.1) < group as f64 + 1.0 && x.0.max(x.1) > group as f64;
                    let within = |v: f64| (y.0.min(y.1)..=y.0.max(y.1)).contains(&v);
                    boxes::pick(subject, &wanted, |group, value| touched(group) && within(value), ctx)
                }
            }
        }
        Question::Missing { source } => match (pointed, &chart.marks) {
            (Pointed::Mark(cell), Marks::Cells(_)) => missing::pick_cell(subject, *source, cell, ctx),
            (Pointed::Mark(bar), Marks::Rows(_)) => missing::pick_bar(subject, *source, bar, ctx),
            _ => Ok(Vec::new()),
        },
        Question::Outliers { source, column, rule, by } => {
            let wanted = outliers::Wanted { source: *source, column, rule: *rule, by: by.as_deref() };
            // A stretch means the outliers in it; a bar all of its rows, or the outliers where it shows those.
            let far = match (pointed, &chart.marks) {
                (Pointed::Mark(number), Marks::Bars(bars)) => bars.get(number).is_some_and(|bar| bar.ink == Ink::Warn),
                _ => true,
            };
            let Some(within) = stretch(chart, pointed) else { return Ok(Vec::new()) };
            outliers::pick(subject, &wanted, far, |value| within.has(value), ctx)
        }
        Question::WeekHours { .. } => match pointed {
            Pointed::Mark(cell) => week_hours::pick(subject, cell, ctx),
            _ => Ok(Vec::new()),
        },
        Question::Cohorts { measure, .. } => match pointed {
            Pointed::Mark(cell) => cohorts::pick(subject, cell, *measure, ctx),
            _ => Ok(Vec::new()),
        },
        Question::Pareto => Ok(match (pointed, &chart.marks) {
            (Pointed::Mark(point), Marks::Lines(lines)) => {
                let share = lines.first().and_then(|line| line.x.get(point)).copied();
                share.map_or_else(Vec::new, |share| pareto::pick(subject, 0.0, share))
            }
            (Pointed::Range { from, to } | Pointed::Area { x: (from, to), .. }, _) => pareto::pick(subject, from, to),
            _ => Vec::new(),
        }),
        // Statistics of columns and pairs of columns stand for nobody.
        Question::Summaries { .. } | Question::Correlations { .. } => Ok(Vec::new()),
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
            let last = bars.iter().map(|b| b.to).fold(f64::NEG_INFINITY, f64::max);
            Some(Stretch { from: bar.from, to: bar.to, closed: bar.to == last })
        }
        Pointed::Range { from, to } | Pointed::Area { x: (from, to), .. } => {
            Some(Stretch { from: from.min(to), to: from.max(to), closed: true })
        }
    }
}

//! From questions to answers, and from what was pointed at to customers.

use std::sync::Arc;

use super::{Answer, Question, Subject};
use super::{
    boxes, categories, cohorts, correlations, histogram_chart, missing, outliers, pareto, scatter, summaries, timeline,
    week_hours,
};
use crate::chart::Chart;
use crate::ctx::Ctx;
use crate::error::Result;

/// Answers one question. `selection` holds places of selected customers in the customer table; charts then carry the
/// part that belongs to them. What cannot be drawn is a chart that says why.
///
/// # Errors
/// A column that is not there or does not fit the question; [`crate::error::Error::Cancelled`].
pub fn answer(subject: &Subject, question: &Question, selection: Option<&[u32]>, ctx: &Ctx) -> Result<Answer> {
    let one = |chart: Result<Chart>| chart.map(|chart| Answer::Chart(Arc::new(chart)));
    match question {
        Question::Summaries { source } => {
            summaries::summaries(subject, *source, ctx).map(|s| Answer::Summaries(Arc::new(s)))
        }
        Question::Histogram { source, column, bins, log_x, log_y } => {
            let wanted = histogram_chart::Wanted { source: *source, column, bins: *bins, log_x: *log_x, log_y: *log_y };
            one(histogram_chart::histogram(subject, &wanted, selection, ctx))
        }
        Question::Scatter { source, x, y, color, log_x, log_y } => {
            let wanted =
                scatter::Wanted { source: *source, x, y, color: color.as_deref(), log_x: *log_x, log_y: *log_y };
            one(scatter::scatter(subject, &wanted, selection, ctx))
        }
        Question::Correlations { source, method } => one(correlations::chart(subject, *source, *method, ctx)),
        Question::Categories { source, column, measure, most } => {
            let wanted = categories::Wanted { source: *source, column, measure: *measure, most: *most };
            one(categories::categories(subject, &wanted, selection, ctx))
        }
        Question::Timeline { period, measure } => {
            let charts = timeline::timeline(subject, *period, *measure, selection, ctx)?;
            Ok(several(charts))
        }
        Question::Boxes { source, column, by, log } => {
            let wanted = boxes::Wanted { source: *source, column, by: by.as_deref(), log: *log };
            one(boxes::boxes(subject, &wanted, ctx))
        }
        Question::Missing { source } => Ok(several(missing::missing(subject, *source, selection, ctx)?)),
        Question::Outliers { source, column, rule, by } => {
            let wanted = outliers::Wanted { source: *source, column, rule: *rule, by: by.as_deref() };
            one(outliers::outliers(subject, &wanted, selection, ctx))
        }
        Question::WeekHours { measure } => one(week_hours::week_hours(subject, *measure, selection, ctx)),
        Question::Cohorts { measure, share } => one(cohorts::cohorts(subject, *measure, *share, selection, ctx)),
        Question::Pareto => one(pareto::pareto(subject, ctx)),
    }
}

/// One chart as such, several as several.
fn several(mut charts: Vec<Chart>) -> Answer {
    if charts.len() == 1
        && let Some(only) = charts.pop()
    {
        return Answer::Chart(Arc::new(only));
    }
    Answer::Charts(charts.into_iter().map(Arc::new).collect())
}

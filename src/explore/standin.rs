//! Stand-in until the answers are there.
use std::sync::Arc;

use super::{Answer, Question, Subject, Summary, SummaryKind};
use crate::chart::{Bar, Chart, Marks, Pointed};
use crate::ctx::Ctx;
use crate::error::Result;

pub fn answer(subject: &Subject, question: &Question, selected: &[u32], ctx: &Ctx) -> Result<Answer> {
    ctx.tick(0, 1)?;
    Ok(match question {
        Question::Summaries { source: super::Source::Customers } => {
            let all = subject.rfm.customers.features.iter().map(|f| Summary {
                name: f.name.clone(),
                label: f.label.clone(),
                definition: f.definition.clone(),
                count: f.values.len(),
                distinct: 100,
                spark: super::histogram(f.values.iter().copied(), 20).counts.iter().map(|&c| c as u32).collect(),
                ..Summary::default()
            });
            Answer::Summaries(Arc::new(all.collect()))
        }
        Question::Summaries { .. } => {
            let all = subject.prepared.table.columns.iter().map(|c| Summary {
                name: c.name.clone(),
                label: c.name.clone(),
                kind: match c.kind {
                    crate::intake::kind::ColumnKind::Number { .. } => SummaryKind::Number,
                    crate::intake::kind::ColumnKind::Date { .. } => SummaryKind::Date,
                    _ => SummaryKind::Words,
                },
                count: c.codes.len(),
                missing: c.missing(),
                distinct: c.distinct(),
                top: Some(("x".into(), 10)),
                ..Summary::default()
            });
            Answer::Summaries(Arc::new(all.collect()))
        }
        _ => {
            let bars = (0..10).map(|i| Bar {
                from: i as f64,
                to: i as f64 + 1.0,
                value: 1.0,
                selected: Some(selected.len() as f64),
                ..Bar::default()
            });
            let marks = Marks::Bars(bars.collect());
            Answer::Chart(Arc::new(Chart { title: "Stand-in".into(), marks, ..Chart::default() }))
        }
    })
}

pub fn pick(subject: &Subject, _question: &Question, _pointed: Pointed, _ctx: &Ctx) -> Result<Vec<u32>> {
    Ok((0..subject.rfm.customers.len().min(10) as u32).collect())
}

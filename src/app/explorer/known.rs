//! Answers that were worked out, as many as there is room for; those not looked at for longest go first.

use std::sync::Arc;

use super::Key;
use crate::chart::{Chart, Marks, Values};
use crate::explore::Answer;

/// Answers kept, and the bytes that their numbers may take.
const MOST: usize = 400;
const MOST_BYTES: usize = 256 << 20;

/// An answer, or why there is none.
type Outcome = Result<Arc<Answer>, String>;

struct Entry {
    key: Key,
    outcome: Outcome,
    bytes: usize,
}

/// Answers under their questions; the one looked at last stands at the end.
#[derive(Default)]
pub(super) struct Known {
    entries: Vec<Entry>,
    bytes: usize,
}

impl Known {
    pub(super) fn get(&mut self, key: &Key) -> Option<Outcome> {
        let at = self.entries.iter().rposition(|e| e.key == *key)?;
        let entry = self.entries.remove(at);
        let outcome = entry.outcome.clone();
        self.entries.push(entry);
        Some(outcome)
    }

    pub(super) fn keep(&mut self, key: Key, outcome: Outcome) {
        if let Some(at) = self.entries.iter().position(|e| e.key == key) {
            self.bytes -= self.entries.remove(at).bytes;
        }
        let bytes = outcome.as_ref().map_or(0, |answer| size(answer));
        self.bytes += bytes;
        self.entries.push(Entry { key, outcome, bytes });
        while self.entries.len() > MOST || (self.bytes > MOST_BYTES && self.entries.len() > 1) {
            self.bytes -= self.entries.remove(0).bytes;
        }
    }
}

/// Bytes of the numbers of an answer, roughly.
fn size(answer: &Answer) -> usize {
    match answer {
        Answer::Summaries(_) => 0,
        Answer::Chart(chart) => chart_size(chart),
        Answer::Charts(charts) => charts.iter().map(|c| chart_size(c)).sum(),
    }
}

fn chart_size(chart: &Chart) -> usize {
    let marks = match &chart.marks {
        Marks::Points(points) => 18 * points.x.len(),
        Marks::Cells(cells) => 128 * cells.cells.len(),
        _ => 0,
    };
    let column = |values: &Values| match values {
        Values::Number(numbers) => 8 * numbers.len(),
        Values::Text(texts) => 40 * texts.len(),
        Values::Names { places, .. } => 4 * places.len(),
    };
    marks + chart.data.columns.iter().map(|(_, values)| column(values)).sum::<usize>()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::explore::{Question, Source};

    fn key(subject: u64) -> Key {
        Key { subject, selection: 0, question: Question::Missing { source: Source::File } }
    }

    fn cloud(points: usize) -> Outcome {
        let x = Arc::new(vec![0.0; points]);
        let marks = Marks::Points(crate::chart::Points { x: x.clone(), y: x, ..Default::default() });
        Ok(Arc::new(Answer::Chart(Arc::new(Chart { marks, ..Chart::default() }))))
    }

    #[test]
    fn what_was_looked_at_last_stays_when_room_runs_out() {
        let mut known = Known::default();
        for i in 0..MOST as u64 {
            known.keep(key(i), Err("no".into()));
        }
        assert!(known.get(&key(0)).is_some(), "looked at again");
        known.keep(key(9_999), Err("no".into()));
        assert!(known.get(&key(0)).is_some() && known.get(&key(1)).is_none());
        // Two large clouds do not fit beside each other; the newer one is kept.
        let large = MOST_BYTES / 18 - 1000;
        known.keep(key(20_000), cloud(large));
        known.keep(key(20_001), cloud(large));
        assert!(known.get(&key(20_000)).is_none() && known.get(&key(20_001)).is_some());
    }
}

//! Where a customer stands on recency, frequency and monetary, why they are in their segment, and what would lift them.

use crate::recipe::{Rfm, ScoreCuts};
use crate::rfm::{Ranks, RfmOut, Unit, ranks};

/// Scores and segment of one customer.
#[derive(Debug, Clone, PartialEq)]
pub struct Standing {
    /// Recency, frequency and, where it is known, monetary.
    pub axes: Vec<AxisStanding>,
    /// Index into the map's segments.
    pub segment: usize,
    pub name: String,
    pub meaning: String,
    pub action: String,
    /// The rule that put them there, for example `R 4 and F 5 → Loyal`.
    pub rule: String,
    /// Per axis with a higher score, the smallest change of this one value that reaches it.
    pub raises: Vec<Raise>,
    /// The nearest segment that is better in the map's order of value; `None` where no higher scores lead to one.
    pub better: Option<Better>,
    /// Whether no segment of the map is better.
    pub is_best: bool,
}

/// One axis.
#[derive(Debug, Clone, PartialEq)]
pub struct AxisStanding {
    pub label: String,
    pub unit: Unit,
    pub value: f64,
    pub score: u8,
    /// Highest score.
    pub most: u8,
    /// The cut points that apply to this customer, ascending.
    pub cuts: Vec<f64>,
    /// Of which customers these cut points are, where not of all: "customers with R 4 and F 2".
    pub among: Option<String>,
}

/// A value that would have another score, everything else being as it is.
#[derive(Debug, Clone, PartialEq)]
pub struct Raise {
    /// 0 recency, 1 frequency, 2 monetary.
    pub axis: usize,
    pub from: f64,
    /// The nearest value with the score.
    pub to: f64,
    pub score: u8,
    /// Index into the map's segments: where that change alone leads.
    pub segment: usize,
    pub name: String,
}

/// A better segment, and the changes that together lead there.
#[derive(Debug, Clone, PartialEq)]
pub struct Better {
    pub segment: usize,
    pub name: String,
    /// The fewest steps of score that do; the segment named in each is that of the goal.
    pub raises: Vec<Raise>,
}

/// The scores of one customer, and how they come about from values.
struct Scorer<'a> {
    rfm: &'a RfmOut,
    choice: &'a Rfm,
}

impl Scorer<'_> {
    /// Cut points of an axis for customers with these scores on the axes before it.
    fn cuts(&self, axis: usize, before: &[u8]) -> &[f64] {
        self.rfm.scores[axis].cuts_for(before)
    }

    /// The score of a value between cut points.
    fn score(&self, axis: usize, value: f64, cuts: &[f64]) -> u8 {
        let above = match self.choice.score_cuts {
            ScoreCuts::Quantile => cuts.iter().filter(|&&c| value > c).count(),
            ScoreCuts::RfmPackage => cuts.iter().filter(|&&c| value >= c).count(),
        };
        (if axis == 0 { cuts.len() + 1 - above } else { above + 1 }) as u8
    }

    /// Higher scores that a value can reach, each with the nearest value that has it; nearest first.
    fn reachable(&self, axis: usize, value: f64, cuts: &[f64]) -> Vec<(u8, f64)> {
        let step = match self.rfm.customers.features[axis].unit {
            Unit::Money => 0.01,
            _ => 1.0,
        };
        let value_at = |steps: f64| if step < 1.0 { steps / 100.0 } else { steps };
        let (mut now, mut out) = (self.score(axis, value, cuts), Vec::new());
        // Around each cut, nearest first: which side of it a value is on is for the score to say.
        let ways = if axis == 0 { [1.0, 0.0, -1.0] } else { [-1.0, 0.0, 1.0] };
        let mut nearest: Vec<f64> = cuts.to_vec();
        if axis == 0 {
            nearest.reverse();
        }
        for cut in nearest {
            for to in ways.map(|way| value_at((cut / step).round() + way)) {
                let score = self.score(axis, to, cuts);
                if to >= 0.0 && score > now {
                    out.push((score, to));
                    now = score;
                }
            }
        }
        out
    }

    fn segment(&self, scores: &[u8]) -> usize {
        // Where monetary is not known, frequency stands in for it, as it does in the analysis.
        let at = |axis: usize| scores.get(axis).or(scores.last()).copied().unwrap_or(1);
        usize::from(self.rfm.map.segment_of(at(0), at(1), at(2)))
    }

    /// Scores of these values, each axis with the cut points that the scores before it choose.
    fn scores(&self, values: &[f64]) -> Vec<u8> {
        let mut scores = Vec::with_capacity(values.len());
        for (axis, &value) in values.iter().enumerate() {
            let score = self.score(axis, value, self.cuts(axis, &scores));
            scores.push(score);
        }
        scores
    }
}

/// Where the customer at `place` stands; `None` where nothing is scored or the customer has no scores.
pub(super) fn of(rfm: &RfmOut, choice: &Rfm, place: usize) -> Option<Standing> {
    let segment = usize::from(*rfm.segment.get(place)?);
    let scorer = Scorer { rfm, choice };
    let features = rfm.customers.features.iter().take(rfm.scores.len());
    let values: Vec<f64> = features.clone().map(|f| f.values[place]).collect();
    let scores: Vec<u8> = rfm.scores.iter().map(|a| a.scores[place]).collect();
    let axes = features.enumerate().map(|(i, f)| AxisStanding {
        label: f.label.clone(),
        unit: f.unit,
        value: values[i],
        score: scores[i],
        most: rfm.scores[i].sizes.len() as u8,
        cuts: scorer.cuts(i, &scores[..i]).to_vec(),
        among: (!rfm.scores[i].within.is_empty()).then(|| format!("customers with {}", letters(&scores[..i]))),
    });
    let axes: Vec<AxisStanding> = axes.collect();
    let found = rfm.map.segments.get(segment)?;
    let order = ranks(&rfm.map, rfm);
    Some(Standing {
        axes,
        segment,
        name: found.name.clone(),
        meaning: found.meaning.clone(),
        action: found.action.clone(),
        rule: rule(rfm, &scores, &found.name),
        raises: raises(&scorer, &values, &scores),
        better: nearest_better(&scorer, &order, &values, &scores, segment),
        is_best: !(0..rfm.map.segments.len()).any(|other| order.is_better(other as u8, segment as u8)),
    })
}

/// The scores that decide the segment, and its name.
fn rule(rfm: &RfmOut, scores: &[u8], name: &str) -> String {
    let decide = match scores {
        [r, f, _] if rfm.map.cell(*r, *f).is_some() => 2,
        all => all.len(),
    };
    format!("{} → {name}", letters(&scores[..decide]))
}

/// Scores with their letters: "R 4, F 5 and M 3".
fn letters(scores: &[u8]) -> String {
    let parts: Vec<String> = scores.iter().zip(["R", "F", "M"]).map(|(s, l)| format!("{l} {s}")).collect();
    match parts.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, before)) => format!("{} and {last}", before.join(", ")),
        None => String::new(),
    }
}

fn raises(scorer: &Scorer, values: &[f64], scores: &[u8]) -> Vec<Raise> {
    let one = |axis: usize| {
        let cuts = scorer.cuts(axis, &scores[..axis]);
        let (score, to) = *scorer.reachable(axis, values[axis], cuts).first()?;
        let mut changed = values.to_vec();
        changed[axis] = to;
        let segment = scorer.segment(&scorer.scores(&changed));
        let name = scorer.rfm.map.segments[segment].name.clone();
        Some(Raise { axis, from: values[axis], to, score, segment, name })
    };
    (0..values.len()).filter_map(one).collect()
}

/// How good a way to a better segment is, smallest first: steps of score summed over the axes, the segment's place in the
/// order, values changed, and the scores themselves.
type Effort = (u32, u32, usize, Vec<u8>);

/// The better segment with the fewest steps of score, summed over the axes; among equals the best one, then the one
/// with the fewest values changed, then the one that asks least of recency and frequency.
fn nearest_better(scorer: &Scorer, order: &Ranks, values: &[f64], scores: &[u8], segment: usize) -> Option<Better> {
    let mut best: Option<(Effort, Vec<Raise>, usize)> = None;
    let mut open: Vec<(Vec<u8>, Vec<Raise>)> = vec![(Vec::new(), Vec::new())];
    while let Some((so_far, raised)) = open.pop() {
        let axis = so_far.len();
        if axis == values.len() {
            let reached = scorer.segment(&so_far);
            if raised.is_empty() || !order.is_better(reached as u8, segment as u8) {
                continue;
            }
            let steps = so_far.iter().zip(scores).map(|(a, b)| u32::from(a.saturating_sub(*b))).sum();
            let place = order.place(reached as u8).unwrap_or(u32::MAX);
            let effort = (steps, place, raised.len(), so_far);
            if best.as_ref().is_none_or(|(least, ..)| effort < *least) {
                best = Some((effort, raised, reached));
            }
            continue;
        }
        let cuts = scorer.cuts(axis, &so_far);
        let mut stay = so_far.clone();
        stay.push(scorer.score(axis, values[axis], cuts));
        open.push((stay, raised.clone()));
        for (score, to) in scorer.reachable(axis, values[axis], cuts) {
            let mut next = so_far.clone();
            next.push(score);
            let mut more = raised.clone();
            more.push(Raise { axis, from: values[axis], to, score, segment: 0, name: String::new() });
            open.push((next, more));
        }
    }
    let (_, raises, reached) = best?;
    let name = scorer.rfm.map.segments[reached].name.clone();
    let raises = raises.into_iter().map(|r| Raise { segment: reached, name: name.clone(), ..r }).collect();
    Some(Better { segment: reached, name, raises })
}

//! Axes: from values to places and back, and which values get a mark.

use chrono::{Datelike, Days, Months, NaiveDate};

use super::{Numbers, Scale};
use crate::format;

/// How values of one axis lie along it, in points.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Map {
    from: f64,
    to: f64,
    log: bool,
    /// `from`, or its logarithm, and the same unit's share of the whole range: millions of points are placed with these.
    low: f64,
    share: f64,
    /// Where `from` and `to` lie; the first is the larger number on a vertical axis of values.
    start: f32,
    end: f32,
}

impl Map {
    /// A map of a usable range: what is not finite, empty or (on a logarithmic axis) not above zero is mended.
    pub fn new(scale: &Scale, start: f32, end: f32) -> Map {
        let (from, to, log) = match scale {
            Scale::None => (0.0, 1.0, false),
            Scale::Linear { from, to, .. } | Scale::Bare { from, to } | Scale::Days { from, to } => (*from, *to, false),
            Scale::Log { from, to, .. } => (*from, *to, true),
            Scale::Names(names) => (0.0, names.len().max(1) as f64, false),
        };
        let usable = |v: f64| v.is_finite() && v.abs() <= 1e300;
        let (mut from, mut to) = if usable(from) && usable(to) { (from, to) } else { (0.0, 1.0) };
        if from > to {
            std::mem::swap(&mut from, &mut to);
        }
        if log {
            to = if to > 0.0 { to } else { 1.0 };
            from = if from > 0.0 { from } else { to / 1e3 };
            if to / from < 1.000_001 {
                (from, to) = (from / 2.0, to * 2.0);
            }
        } else if to - from <= from.abs().max(to.abs()) * 1e-12 {
            let half = if from == 0.0 { 0.5 } else { from.abs() * 0.05 };
            (from, to) = (from - half, to + half);
        }
        Map::of(from, to, log, start, end)
    }

    fn of(from: f64, to: f64, log: bool, start: f32, end: f32) -> Map {
        let (low, high) = if log { (from.ln(), to.ln()) } else { (from, to) };
        Map { from, to, log, low, share: 1.0 / (high - low), start, end }
    }

    /// The same map with its upper end moved to `to`.
    pub(super) fn up_to(self, to: f64) -> Map {
        Map::of(self.from, to.max(self.to), self.log, self.start, self.end)
    }

    /// The same values between other places.
    pub(super) fn between(self, start: f32, end: f32) -> Map {
        Map { start, end, ..self }
    }

    /// Lowest and highest value.
    pub fn range(&self) -> (f64, f64) {
        (self.from, self.to)
    }

    pub fn is_log(&self) -> bool {
        self.log
    }

    /// Where a value lies, in points; beyond the ends for values beyond the range. NaN stays NaN; on a logarithmic
    /// axis what is not above zero lies at the lower end.
    pub fn place(&self, value: f64) -> f32 {
        let value = match self.log {
            true if value <= 0.0 => self.low,
            true => value.ln(),
            false => value,
        };
        let share = (value - self.low) * self.share;
        // A range far beyond must not overflow what draws it.
        self.start + (self.end - self.start) * share.clamp(-100.0, 100.0) as f32
    }

    /// Which value lies at a place, kept within the range.
    pub fn value(&self, place: f32) -> f64 {
        let share = f64::from(((place - self.start) / (self.end - self.start)).clamp(0.0, 1.0));
        if self.log {
            (self.from.ln() + (self.to.ln() - self.from.ln()) * share).exp().clamp(self.from, self.to)
        } else {
            self.from + (self.to - self.from) * share
        }
    }
}

/// One mark on an axis.
#[derive(Debug, Clone, PartialEq)]
pub struct Tick {
    pub value: f64,
    pub label: String,
}

/// Marks of an axis of values, at most about `most`, in ascending order. None for names.
pub fn ticks(scale: &Scale, map: &Map, most: usize) -> Vec<Tick> {
    let (from, to) = map.range();
    match scale {
        Scale::None | Scale::Bare { .. } | Scale::Names(_) => Vec::new(),
        Scale::Linear { format, .. } => linear(from, to, most, format),
        Scale::Log { format, .. } => logarithmic(from, to, most, format),
        Scale::Days { .. } => days(from, to, most),
    }
}

/// [`ticks`], but more than `most` where that would leave fewer than two: one mark tells nothing.
pub(super) fn some_ticks(scale: &Scale, map: &Map, most: usize) -> Vec<Tick> {
    let enough = |most: &usize| ticks(scale, map, *most).len() >= 2;
    ticks(scale, map, (most..most + 4).find(enough).unwrap_or(most))
}

/// The step 1, 2 or 5 times a power of ten that cuts `span` into at most `most` parts.
pub fn nice_step(span: f64, most: usize) -> f64 {
    let rough = span / most.max(1) as f64;
    let power = 10f64.powf(rough.log10().floor());
    let step = [1.0, 2.0, 5.0, 10.0].into_iter().find(|s| s * power >= rough * 0.999_999).unwrap_or(10.0);
    step * power
}

/// The end of a range of values, moved up to the next round value; never further than a quarter of the range.
pub(super) fn rounded_up(map: &Map, scale: &Scale, most: usize) -> Map {
    let (from, to) = map.range();
    match scale {
        Scale::Linear { format, .. } => {
            let step = step_for(to - from, most, format);
            let up = (to / step - 1e-9).ceil() * step;
            // Shares end at 100 %.
            let most = if *format == Numbers::Percent && to <= 1.0 { 1.0 } else { f64::INFINITY };
            if up - to <= (to - from) * 0.25 { map.up_to(up.min(most)) } else { map.up_to(to + (to - from) * 0.05) }
        }
        Scale::Log { .. } => map.up_to(to * (to / from).powf(0.04)),
        _ => *map,
    }
}

fn step_for(span: f64, most: usize, format: &Numbers) -> f64 {
    let step = nice_step(span, most);
    if *format == Numbers::Whole { step.max(1.0) } else { step }
}

fn linear(from: f64, to: f64, most: usize, format: &Numbers) -> Vec<Tick> {
    let step = step_for(to - from, most, format);
    let first = (from / step - 1e-9).ceil() as i64;
    let last = (to / step + 1e-9).floor() as i64;
    let largest = from.abs().max(to.abs());
    (first..=last.min(first + 200))
        .map(|i| {
            let value = i as f64 * step;
            Tick { value, label: written(value, step, largest, format) }
        })
        .collect()
}

fn logarithmic(from: f64, to: f64, most: usize, format: &Numbers) -> Vec<Tick> {
    let (low, high) = (from.log10().floor() as i32, to.log10().ceil() as i32);
    let decades = (to / from).log10();
    if decades < 0.7 {
        return linear(from, to, most, format);
    }
    let steps: &[f64] = if decades * 3.0 <= most as f64 {
        &[1.0, 2.0, 5.0]
    } else if decades * 2.0 <= most as f64 {
        &[1.0, 3.0]
    } else {
        &[1.0]
    };
    let every = ((decades / most.max(1) as f64).ceil() as i32).max(1);
    let powers = (low..=high).filter(|p| p.rem_euclid(every) == 0);
    powers
        .flat_map(|p| steps.iter().map(move |s| s * 10f64.powi(p)))
        .filter(|v| (from * 0.999_999..=to * 1.000_001).contains(v))
        .map(|value| Tick { value, label: written(value, value, value, format) })
        .collect()
}

/// A number at a mark: as many decimals as `step` asks for, thousands and millions shortened once `largest` is long.
pub(super) fn written(value: f64, step: f64, largest: f64, format: &Numbers) -> String {
    let decimals = |step: f64| (-(step.abs().log10() + 1e-9).floor()).clamp(0.0, 12.0) as usize;
    let compact = |from: f64| {
        let (unit, suffix) = match largest {
            l if l >= 1e12 => (1e12, "T"),
            l if l >= 1e9 => (1e9, "B"),
            l if l >= 1e6 => (1e6, "M"),
            l if l >= from => (1e3, "k"),
            _ => (1.0, ""),
        };
        let suffix = if value == 0.0 { "" } else { suffix };
        let digits = if value == 0.0 { 0 } else { decimals(step / unit) };
        format!("{}{suffix}", format::number(value / unit, digits))
    };
    match format {
        Numbers::Percent => format!("{} %", format::number(value * 100.0, decimals(step * 100.0))),
        Numbers::Money(sign) => {
            let text = compact(1e4);
            let sign = sign.as_deref().unwrap_or_default();
            match text.strip_prefix('−') {
                Some(rest) => format!("−{sign}{rest}"),
                None => format!("{sign}{text}"),
            }
        }
        Numbers::Plain if largest < 1e-6 && value != 0.0 => format!("{value:e}"),
        Numbers::Plain | Numbers::Whole => compact(1e5),
    }
}

/// A value of an axis in full, for tips and labels.
pub fn in_full(value: f64, scale: &Scale) -> String {
    match scale {
        Scale::Days { .. } => date(value).map_or("–".into(), |d| d.format("%-d %b %Y").to_string()),
        Scale::Names(names) => names.get(value.max(0.0) as usize).cloned().unwrap_or_default(),
        Scale::Linear { format, .. } | Scale::Log { format, .. } => full(value, format),
        Scale::None | Scale::Bare { .. } => format::short(value),
    }
}

/// A number in full.
pub fn full(value: f64, format: &Numbers) -> String {
    match format {
        Numbers::Plain if value != 0.0 && value.abs() < 0.01 => format!("{value:.2e}"),
        Numbers::Plain => format::short(value),
        Numbers::Whole => format::number(value, 0),
        Numbers::Money(sign) => format::money(value, sign.as_deref()),
        Numbers::Percent => format::percent(value),
    }
}

fn date(days: f64) -> Option<NaiveDate> {
    let start = NaiveDate::default();
    let days = days.floor();
    if days >= 0.0 {
        start.checked_add_days(Days::new(days as u64))
    } else {
        start.checked_sub_days(Days::new(-days as u64))
    }
}

/// How far apart marks of dates are.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Step {
    Days(u64),
    Months(u32),
    Years(i32),
}

fn days(from: f64, to: f64, most: usize) -> Vec<Tick> {
    let span = to - from;
    let steps = [
        (1.0, Step::Days(1)),
        (2.0, Step::Days(2)),
        (7.0, Step::Days(7)),
        (14.0, Step::Days(14)),
        (30.4, Step::Months(1)),
        (60.9, Step::Months(2)),
        (91.3, Step::Months(3)),
        (182.6, Step::Months(6)),
        (365.2, Step::Years(1)),
        (730.5, Step::Years(2)),
        (1826.2, Step::Years(5)),
        (3652.4, Step::Years(10)),
        (18262.0, Step::Years(50)),
    ];
    let fits = |s: &&(f64, Step)| span / s.0 <= most.max(1) as f64;
    let step = steps.iter().find(fits).map_or(Step::Years(100), |s| s.1);
    let (Some(low), Some(high)) = (date(from.ceil()), date(to)) else { return Vec::new() };
    let Some(mut at) = first_date(low, step) else { return Vec::new() };
    let mut ticks: Vec<Tick> = Vec::new();
    let mut year = None;
    while at <= high && ticks.len() < 200 {
        if at >= low {
            // The year stands at the first mark and wherever a new one begins.
            let new_year = year.replace(at.year()) != Some(at.year());
            let label = match (step, new_year) {
                (Step::Years(_), _) => at.format("%Y"),
                (Step::Months(_), true) => at.format("%b %Y"),
                (Step::Months(_), false) => at.format("%b"),
                (Step::Days(_), true) => at.format("%-d %b %Y"),
                (Step::Days(_), false) => at.format("%-d %b"),
            };
            ticks.push(Tick { value: (at - NaiveDate::default()).num_days() as f64, label: label.to_string() });
        }
        let next = match step {
            Step::Days(n) => at.checked_add_days(Days::new(n)),
            Step::Months(n) => at.checked_add_months(Months::new(n)),
            Step::Years(n) => NaiveDate::from_ymd_opt(at.year() + n, 1, 1),
        };
        match next {
            Some(next) => at = next,
            None => break,
        }
    }
    ticks
}

/// The last date of the steps' own order that is not after `low`.
fn first_date(low: NaiveDate, step: Step) -> Option<NaiveDate> {
    match step {
        Step::Days(n) => {
            let since = (low - NaiveDate::default()).num_days();
            // 1970-01-05 was a Monday: weeks begin on Mondays.
            let offset = if n >= 7 { 4 } else { 0 };
            date(((since - offset).div_euclid(n as i64) * n as i64 + offset) as f64)
        }
        Step::Months(n) => NaiveDate::from_ymd_opt(low.year(), low.month0() / n * n + 1, 1),
        Step::Years(n) => NaiveDate::from_ymd_opt(low.year().div_euclid(n) * n, 1, 1),
    }
}

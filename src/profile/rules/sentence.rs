//! Conditions in plain words.

use crate::format;
use crate::profile::Condition;
use crate::rfm::{FREQUENCY, Feature, MONETARY, RECENCY, Unit};

/// What is to be known about a feature to speak of its bounds.
#[derive(Debug, Clone)]
pub(super) struct Speech {
    pub name: String,
    label: String,
    unit: Unit,
    /// Whether all its values are whole numbers, and the least of them.
    whole: bool,
    least: f64,
}

impl Speech {
    pub fn of(feature: &Feature) -> Speech {
        let numbers = || feature.values.iter().copied().filter(|v| v.is_finite());
        Speech {
            name: feature.name.clone(),
            label: lower_first(&feature.label),
            unit: feature.unit,
            whole: numbers().all(|v| v.fract() == 0.0),
            least: numbers().fold(f64::INFINITY, f64::min),
        }
    }
}

/// How numbers are spoken of here.
#[derive(Debug, Clone, Copy)]
pub(super) struct Manner<'a> {
    /// What one unit of frequency is, see [`crate::rfm::RfmOut::frequency_of`].
    pub frequency_of: &'a str,
    pub currency: Option<&'a str>,
}

/// "last purchase within 31 days and spent over £820"; "everyone" without a condition.
pub(super) fn sentence(conditions: &[Condition], features: &[Speech], manner: Manner) -> String {
    let is = |feature: &str| conditions.iter().any(|c| c.feature == feature && c.word.is_some() && c.least.is_some());
    let parts: Vec<String> = conditions
        .iter()
        // Who is one thing need not be told not to be another.
        .filter(|c| c.word.is_none() || c.least.is_some() || !is(&c.feature))
        .filter_map(|c| match &c.word {
            Some(word) => Some(format!("{} is {}{word}", c.feature, if c.least.is_some() { "" } else { "not " })),
            None => features.iter().find(|f| f.name == c.feature).map(|f| part(f, c.least, c.most, manner)),
        })
        .collect();
    match &parts[..] {
        [] => "everyone".into(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

fn part(feature: &Speech, least: Option<f64>, most: Option<f64>, manner: Manner) -> String {
    // Among whole numbers "more than 2" is "at least 3".
    let from = least.map(|v| if feature.whole { v.floor() + 1.0 } else { v });
    let to = most.map(|v| if feature.whole { v.floor() } else { v });
    match feature.name.as_str() {
        RECENCY => recency(least, from, to),
        FREQUENCY => {
            let (one, many) = match manner.frequency_of {
                "days" => ("day with a purchase", "days with a purchase"),
                "purchases" | "rows" => ("purchase", "purchases"),
                _ => ("order", "orders"),
            };
            if feature.whole { counted(feature, from, to, one, many) } else { plainly(many, least, to, &exact) }
        }
        MONETARY => plainly("spent", least, to, &|v| money(v, manner.currency)),
        _ => match feature.unit {
            Unit::Money => plainly(&feature.label, least, to, &|v| money(v, manner.currency)),
            Unit::Days => plainly(&feature.label, least, to, &|v| counted_days(v)),
            Unit::Share => plainly(&feature.label, least, to, &|v| format!("{} %", exact(v * 100.0))),
            Unit::Count if feature.whole => counted_label(feature, from, to),
            _ => plainly(&feature.label, least, to, &exact),
        },
    }
}

fn recency(least: Option<f64>, from: Option<f64>, to: Option<f64>) -> String {
    match (least, from, to) {
        (_, Some(from), Some(to)) if from == to => format!("last purchase {} ago", counted_days(to)),
        (_, Some(from), Some(to)) => format!("last purchase {} to {} ago", exact(from), counted_days(to)),
        (Some(least), ..) => format!("last purchase more than {} ago", counted_days(least)),
        (None, _, Some(to)) => format!("last purchase within {}", counted_days(to)),
        (None, _, None) => String::new(),
    }
}

/// "at least 3 orders", with the feature's own least value for what "at most" leaves.
fn counted(feature: &Speech, from: Option<f64>, to: Option<f64>, one: &str, many: &str) -> String {
    let things = |v: f64| format!("{} {}", exact(v), if v == 1.0 { one } else { many });
    match (from, to) {
        (Some(from), Some(to)) if from < to => format!("{} to {}", exact(from), things(to)),
        (Some(_), Some(to)) => format!("exactly {}", things(to)),
        (None, Some(0.0)) if feature.least >= 0.0 => format!("no {one}"),
        (None, Some(to)) if feature.least == to => format!("exactly {}", things(to)),
        (None, Some(to)) => format!("at most {}", things(to)),
        (Some(from), None) => format!("at least {}", things(from)),
        (None, None) => String::new(),
    }
}

/// "distinct products at least 3".
fn counted_label(feature: &Speech, from: Option<f64>, to: Option<f64>) -> String {
    let words = match (from, to) {
        (Some(from), Some(to)) if from < to => format!("{} to {}", exact(from), exact(to)),
        (Some(_), Some(to)) => format!("exactly {}", exact(to)),
        (None, Some(to)) if feature.least == to => format!("exactly {}", exact(to)),
        (None, Some(to)) => format!("at most {}", exact(to)),
        (Some(from), None) => format!("at least {}", exact(from)),
        (None, None) => String::new(),
    };
    format!("{} {words}", feature.label)
}

/// "spent over £820", "spent up to £820", "spent £820 to £2,000".
fn plainly(what: &str, least: Option<f64>, most: Option<f64>, write: &dyn Fn(f64) -> String) -> String {
    match (least, most) {
        (Some(least), Some(most)) => format!("{what} {} to {}", write(least), write(most)),
        (Some(least), None) => format!("{what} over {}", write(least)),
        (None, Some(most)) => format!("{what} up to {}", write(most)),
        (None, None) => String::new(),
    }
}

fn counted_days(days: f64) -> String {
    format!("{} {}", exact(days), if days == 1.0 { "day" } else { "days" })
}

/// With as many decimals as the number has, up to six; thresholds are round, and what is said has to be what is asked.
fn exact(value: f64) -> String {
    let decimals = (0..6).find(|&d| {
        let times = 10f64.powi(d);
        ((value * times).round() / times - value).abs() <= 1e-9 * value.abs()
    });
    format::number(value, decimals.unwrap_or(6) as usize)
}

fn money(value: f64, currency: Option<&str>) -> String {
    let text = if value.fract() == 0.0 || (value * 100.0 - (value * 100.0).round()).abs() > 1e-6 {
        exact(value)
    } else {
        format::number(value, 2)
    };
    match (currency, text.strip_prefix('−')) {
        (None, _) => text,
        (Some(sign), Some(rest)) => format!("−{sign}{rest}"),
        (Some(sign), None) => format!("{sign}{text}"),
    }
}

/// Within a sentence; initials stay as they are.
fn lower_first(label: &str) -> String {
    let first = label.split(' ').next().unwrap_or_default();
    if first.chars().count() > 1 && !first.chars().any(char::is_lowercase) {
        return label.to_string();
    }
    let mut letters = label.chars();
    letters.next().map_or_else(String::new, |c| c.to_lowercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(name: &str, label: &str, unit: Unit, values: &[f64], least: Option<f64>, most: Option<f64>) -> String {
        let feature = Feature::new(name, label, "", unit, values.to_vec());
        let condition = Condition { feature: name.into(), least, most, word: None };
        let manner = Manner { frequency_of: "invoices", currency: Some("£") };
        sentence(&[condition], &[Speech::of(&feature)], manner)
    }

    #[test]
    fn bounds_in_plain_words_by_unit() {
        let recency = |least, most| said(RECENCY, "Recency", Unit::Days, &[1.0, 400.0], least, most);
        assert_eq!(recency(None, Some(31.0)), "last purchase within 31 days");
        assert_eq!(recency(None, Some(1.0)), "last purchase within 1 day");
        assert_eq!(recency(Some(90.0), None), "last purchase more than 90 days ago");
        assert_eq!(recency(Some(31.0), Some(90.0)), "last purchase 32 to 90 days ago");
        assert_eq!(recency(Some(31.0), Some(32.0)), "last purchase 32 days ago");
        let orders = |least, most| said(FREQUENCY, "Frequency", Unit::Count, &[1.0, 9.0], least, most);
        assert_eq!(orders(Some(2.0), None), "at least 3 orders");
        assert_eq!(orders(None, Some(2.0)), "at most 2 orders");
        assert_eq!(orders(None, Some(1.0)), "exactly 1 order");
        assert_eq!(orders(Some(1.0), Some(2.0)), "exactly 2 orders");
        assert_eq!(orders(Some(2.0), Some(6.0)), "3 to 6 orders");
        let inactive = |most| said(FREQUENCY, "Frequency", Unit::Count, &[0.0, 9.0], None, most);
        assert_eq!(inactive(Some(0.0)), "no order");
        assert_eq!(inactive(Some(1.0)), "at most 1 order");
        let spent = |least, most| said(MONETARY, "Monetary", Unit::Money, &[1.25, 900.0], least, most);
        assert_eq!(spent(Some(820.0), None), "spent over £820");
        assert_eq!(spent(None, Some(12.5)), "spent up to £12.50");
        assert_eq!(spent(Some(820.0), Some(2000.0)), "spent £820 to £2,000");
        assert_eq!(spent(Some(-10.0), None), "spent over −£10");
        let share = said("return_rate", "Return rate", Unit::Share, &[0.1], Some(0.05), None);
        assert_eq!(share, "return rate over 5 %");
        let span = said("purchase_span_days", "Purchase span", Unit::Days, &[0.5], None, Some(30.5));
        assert_eq!(span, "purchase span up to 30.5 days");
        let products = said("distinct_products", "Distinct products", Unit::Count, &[1.0], Some(11.0), None);
        assert_eq!(products, "distinct products at least 12");
        assert_eq!(said("x", "RFM index", Unit::Number, &[0.5], Some(0.25), None), "RFM index over 0.25");
    }

    #[test]
    fn several_conditions_are_joined_and_words_are_named() {
        let number = |name: &str, most| Condition { feature: name.into(), least: None, most: Some(most), word: None };
        let word = |is: bool, word: &str| {
            let (least, most) = if is { (Some(0.0), None) } else { (None, Some(0.0)) };
            Condition { feature: "Gender".into(), least, most, word: Some(word.into()) }
        };
        let features = ["Age", "Income", "Score"].map(|n| Speech::of(&Feature::new(n, n, "", Unit::Number, vec![1.5])));
        let manner = Manner { frequency_of: "", currency: None };
        let say = |conditions: &[Condition]| sentence(conditions, &features, manner);
        assert_eq!(say(&[]), "everyone");
        assert_eq!(say(&[number("Age", 40.0), number("Income", 9000.0)]), "age up to 40 and income up to 9,000");
        assert_eq!(
            say(&[number("Age", 40.0), number("Income", 9e3), number("Score", 2.0)]),
            "age up to 40, income up to 9,000 and score up to 2"
        );
        assert_eq!(say(&[word(false, "Male"), word(true, "Female")]), "Gender is Female");
        assert_eq!(say(&[word(false, "Male"), number("Age", 40.0)]), "Gender is not Male and age up to 40");
    }
}

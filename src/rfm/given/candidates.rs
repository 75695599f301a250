//! Columns of numbers that may describe a customer, and which of them usually do.

use super::is_number;
use super::people::People;
use crate::format;
use crate::intake::{Column, RolesOut, Table, is_id_name};
use crate::rfm::{FREQUENCY, Feature, MONETARY, RECENCY, Unit};

/// Features that a table of customers keeps beside those it is clustered by; the rest is only named.
const MOST_KEPT: usize = 60;
/// A column with a larger share of missing values is not used unless it is asked for.
const MOST_MISSING: f64 = 0.2;
/// A code has few values.
const MOST_CODES: usize = 50;
/// The fixed columns of `customers.csv`, which no feature may be called like.
const FIXED: [&str; 10] =
    ["customer_id", RECENCY, FREQUENCY, MONETARY, "r_score", "f_score", "m_score", "rfm_segment", "cluster", "segment"];

/// Words that say that whole numbers are codes of something.
const CODE_WORDS: &[&str] = &[
    "region",
    "channel",
    "category",
    "class",
    "type",
    "code",
    "zone",
    "segment",
    "cluster",
    "group",
    "label",
    "store",
    "branch",
    "state",
    "country",
    "city",
    "zip",
    "postal",
    "postcode",
    "plz",
    "sex",
    "gender",
    "status",
    "kanal",
    "kategorie",
    "typ",
    "gruppe",
    "filiale",
    "land",
    "pays",
    "ville",
    "sexe",
    "categorie",
    "pais",
    "ciudad",
    "sexo",
    "categoria",
];
/// Words that say that something is counted, whatever it is.
const COUNT_WORDS: &[&str] = &["num", "number", "count", "n", "nb", "nr", "anzahl", "nombre", "numero", "total", "trx"];

/// What a column of numbers is good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It tells customers apart.
    Usual,
    /// Two values only.
    Flag,
    /// Numbers that stand for something else.
    Code,
    /// A large part is missing.
    MostlyMissing,
    /// The same for everyone.
    Constant,
    /// It numbers the rows, or identifies something.
    Id,
}

impl Verdict {
    /// Why the column is left out, in brackets behind its name.
    pub fn why(self) -> &'static str {
        match self {
            Verdict::Usual => "beyond the number of features that are taken unasked",
            Verdict::Flag => "only two values",
            Verdict::Code => "reads like a code",
            Verdict::MostlyMissing => "often missing",
            Verdict::Constant => "the same for everyone",
            Verdict::Id => "an id or number of rows",
        }
    }
}

/// One column of numbers.
#[derive(Debug, Clone)]
pub(super) struct Candidate<'a> {
    pub column: &'a Column,
    /// The column's name, made distinct from the fixed columns of the outputs.
    pub name: String,
    pub label: String,
    pub verdict: Verdict,
}

impl<'a> Candidate<'a> {
    /// Every column of numbers but the ids and those of `except`.
    pub fn all(table: &'a Table, roles: &RolesOut, except: &[&str]) -> Vec<Candidate<'a>> {
        let mut taken: Vec<String> = FIXED.iter().map(|name| name.to_string()).collect();
        let mut out: Vec<Candidate> = Vec::new();
        for column in &table.columns {
            let is_id = roles.shape.id.as_deref() == Some(column.name.as_str());
            if !is_number(column) || is_id || except.contains(&column.name.as_str()) {
                continue;
            }
            // Excel tells the columns of a table apart without regard to case.
            let mut name = column.name.clone();
            while taken.contains(&name.to_lowercase()) {
                name.push_str(" (column)");
            }
            taken.push(name.to_lowercase());
            let label = match label(&column.name) {
                label if label.is_empty() || out.iter().any(|c| c.label == label) => name.clone(),
                label => label,
            };
            out.push(Candidate { column, name, label, verdict: judge(column, table.rows) });
        }
        out
    }

    /// Whether it may be chosen with any sense.
    pub fn is_usable(&self) -> bool {
        !matches!(self.verdict, Verdict::Constant | Verdict::Id)
    }

    /// Whether people who write `name` mean this column.
    pub fn is_called(&self, name: &str) -> bool {
        let loose = |text: &str| text.trim().to_lowercase();
        let wanted = loose(name);
        [&self.column.name, &self.name, &self.label].iter().any(|own| loose(own) == wanted)
    }

    fn feature(&self, people: &People) -> Feature {
        let definition = format!("The value of the column {:?}.", self.column.name);
        Feature::new(&self.name, &self.label, definition, Unit::Number, people.numbers(self.column))
    }
}

/// What a column is good for, from its values.
fn judge(column: &Column, rows: usize) -> Verdict {
    let numbers = column.numbers();
    let used = || numbers.iter().zip(&column.counts).filter(|(v, n)| v.is_finite() && **n > 0);
    let mut values: Vec<f64> = used().map(|(v, _)| *v).collect();
    values.sort_unstable_by(f64::total_cmp);
    values.dedup();
    let present: usize = used().map(|(_, n)| *n as usize).sum();
    let whole = values.iter().all(|v| v.fract() == 0.0);
    // Counting up by one in the order of the file.
    let numbered = || {
        let of = |row: usize| numbers[column.codes[row] as usize];
        values.len() == rows && rows > 2 && (1..rows).all(|row| of(row) - of(row - 1) == 1.0)
    };
    let identifies = || is_id_name(&column.name) && values.len() * 5 >= present * 4;
    let is_code = || {
        let words = words(&column.name);
        let says = |list: &[&str]| words.iter().any(|w| list.contains(&w.as_str()));
        values.len() <= MOST_CODES && says(CODE_WORDS) && !says(COUNT_WORDS)
    };
    match values.len() {
        0 | 1 => Verdict::Constant,
        _ if whole && (numbered() || identifies()) => Verdict::Id,
        2 => Verdict::Flag,
        _ if whole && is_code() => Verdict::Code,
        _ if (rows - present.min(rows)) as f64 > MOST_MISSING * rows as f64 => Verdict::MostlyMissing,
        _ => Verdict::Usual,
    }
}

/// Adds to the features those of `candidates` that are wanted, and others that may be of interest, in the order of the
/// file.
pub(super) fn append(features: &mut Vec<Feature>, candidates: &[Candidate], wanted: &[usize], people: &People) {
    let mut room = MOST_KEPT.saturating_sub(wanted.len());
    for (i, candidate) in candidates.iter().enumerate() {
        let is_wanted = wanted.contains(&i);
        if is_wanted || (candidate.is_usable() && room > 0) {
            room -= usize::from(!is_wanted);
            features.push(candidate.feature(people));
        }
    }
}

/// Beginnings of words for what a customer is worth, the more telling ones first: money spent, then money to spend.
const WORTH: [&[&str]; 2] = [
    &[
        "monetary", "spen", "revenue", "sales", "turnover", "charge", "purchase", "umsatz", "ausgabe", "depense",
        "gasto", "venta",
    ],
    &["income", "salar", "wealth", "balance", "einkommen", "gehalt", "revenu", "ingreso"],
];

/// The feature by which customers are most valuable first: monetary, else a column that reads like money spent in
/// total, money spent, or income; one that every customer has.
pub(super) fn value(features: &[Feature]) -> Option<usize> {
    if let Some(at) = features.iter().position(|f| f.name == MONETARY) {
        return Some(at);
    }
    let rank = |feature: &Feature| {
        let words = words(&feature.name);
        let says = |list: &[&str]| words.iter().any(|w| list.iter().any(|beginning| w.starts_with(beginning)));
        // A number of purchases is no money.
        if says(&["num", "count", "nb", "anzahl", "freq", "nombre", "trx"])
            || feature.values.iter().any(|v| !v.is_finite())
        {
            return None;
        }
        match (says(WORTH[0]), says(WORTH[1])) {
            (true, _) if says(&["total"]) => Some(0),
            (true, _) => Some(1),
            (_, true) => Some(2),
            _ => None,
        }
    };
    features.iter().enumerate().filter_map(|(at, f)| Some((rank(f)?, at))).min().map(|(_, at)| at)
}

/// What clusters are numbered by, as a sentence.
pub(super) fn order_note(features: &[Feature], value: Option<usize>) -> String {
    match value {
        Some(at) => format!("Clusters are numbered by their mean {:?}, highest first.", features[at].name),
        None => "Clusters are numbered by size, largest first, as no column says what a customer is worth.".into(),
    }
}

/// Names in a sentence; only the first ones where there are many.
pub(super) fn list(names: &[String]) -> String {
    const SHOWN: usize = 25;
    let shown = names[..names.len().min(SHOWN)].join(", ");
    match names.len().saturating_sub(SHOWN) {
        0 => shown,
        more => format!("{shown} and {} more", format::count(more)),
    }
}

/// Lower-case words of a name; `MonthlyCharges` has two.
fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = vec![String::new()];
    let mut before_lower = false;
    for c in name.chars() {
        if !c.is_alphanumeric() || (c.is_uppercase() && before_lower) {
            words.push(String::new());
        }
        if c.is_alphanumeric()
            && let Some(word) = words.last_mut()
        {
            word.extend(c.to_lowercase());
        }
        before_lower = c.is_lowercase();
    }
    words.retain(|w| !w.is_empty());
    words
}

/// The name in words for people, without what stands in brackets at its end: `Annual Income (k$)` is "Annual income".
fn label(name: &str) -> String {
    let bare = match name.trim().strip_suffix([')', ']']).and_then(|rest| rest.rfind(['(', '[']).map(|at| &rest[..at]))
    {
        Some(before) if !before.trim().is_empty() => before,
        _ => name,
    };
    let text = words(bare).join(" ");
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_read_like_words() {
        for (name, expected) in [
            ("Annual Income (k$)", "Annual income"),
            ("Spending Score (1-100)", "Spending score"),
            ("MonthlyCharges", "Monthly charges"),
            ("Detergents_Paper", "Detergents paper"),
            ("TOTAL_SPEND", "Total spend"),
            ("(k$)", "K"),
            ("***", ""),
        ] {
            assert_eq!(label(name), expected, "{name}");
        }
    }

    #[test]
    fn worth_is_money_and_not_counts() {
        let feature = |name: &str, values: &[f64]| Feature::new(name, name, "", Unit::Number, values.to_vec());
        let at = |names: &[&str]| value(&names.iter().map(|n| feature(n, &[1.0])).collect::<Vec<_>>());
        assert_eq!(at(&["Age", "Annual Income (k$)", "Spending Score (1-100)"]), Some(2));
        assert_eq!(at(&["tenure", "MonthlyCharges", "TotalCharges"]), Some(2));
        assert_eq!(at(&["NumWebPurchases", "Income"]), Some(1));
        assert_eq!(at(&["Fresh", "Milk"]), None);
        assert_eq!(value(&[feature("Income", &[1.0, f64::NAN])]), None);
    }
}

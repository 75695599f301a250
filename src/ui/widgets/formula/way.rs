//! The ways to say what is worked out, and the names that are proposed for the result.

use crate::app::Level;
use crate::recipe::{Aggregation, BinMethod, DatePart, Formula, Operand, Operation};

use super::scope::{Kind, Name, Scope};

/// A kind of formula.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    Expression,
    Arithmetic,
    JoinText,
    Bins,
    DatePart,
    DaysSince,
    OneHot,
    Ordinal,
    Aggregate,
}

impl Way {
    /// Those that are filled into a form and make sense at this level.
    pub fn forms(level: Level) -> &'static [Way] {
        const ROWS: &[Way] =
            &[Way::Arithmetic, Way::JoinText, Way::Bins, Way::DatePart, Way::DaysSince, Way::OneHot, Way::Ordinal];
        const CUSTOMERS: &[Way] = &[
            Way::Aggregate,
            Way::Arithmetic,
            Way::Bins,
            Way::OneHot,
            Way::Ordinal,
            Way::DatePart,
            Way::DaysSince,
            Way::JoinText,
        ];
        match level {
            Level::Rows => ROWS,
            Level::Customers => CUSTOMERS,
        }
    }

    /// Which one a formula is.
    pub fn of(formula: &Formula) -> Way {
        match formula {
            Formula::Expression { .. } => Way::Expression,
            Formula::Arithmetic { .. } => Way::Arithmetic,
            Formula::JoinText { .. } => Way::JoinText,
            Formula::Bins { .. } => Way::Bins,
            Formula::DatePart { .. } => Way::DatePart,
            Formula::DaysSince { .. } => Way::DaysSince,
            Formula::OneHot { .. } => Way::OneHot,
            Formula::Ordinal { .. } => Way::Ordinal,
            Formula::Aggregate { .. } => Way::Aggregate,
        }
    }

    /// Its words.
    pub fn label(self) -> &'static str {
        match self {
            Way::Expression => "Expression",
            Way::Arithmetic => "Arithmetic",
            Way::JoinText => "Join texts",
            Way::Bins => "Bins",
            Way::DatePart => "Part of a date",
            Way::DaysSince => "Days since",
            Way::OneHot => "One column per value",
            Way::Ordinal => "Values in an order",
            Way::Aggregate => "Rows into one value",
        }
    }

    /// One sentence that explains it.
    pub fn hint(self) -> &'static str {
        match self {
            Way::Expression => "A polars SQL expression over columns and features.",
            Way::Arithmetic => "Two columns or numbers added, subtracted, multiplied or divided.",
            Way::JoinText => "Texts of several columns, one after the other.",
            Way::Bins => "Numbers into a few ranges; equal values share a range.",
            Way::DatePart => "Year, month, weekday or another part of a date.",
            Way::DaysSince => "Days from a date to the snapshot or to a day that you give.",
            Way::OneHot => "One-hot encoding: 0 or 1 for each of the most frequent values.",
            Way::Ordinal => "Ordinal encoding: the place of a value in an order you give.",
            Way::Aggregate => "A group-by: all rows of a customer become one value.",
        }
    }

    /// What a name has to be for it.
    pub fn kinds(self) -> &'static [Kind] {
        match self {
            Way::Arithmetic | Way::Bins => &[Kind::Number],
            Way::DatePart | Way::DaysSince => &[Kind::Date],
            Way::OneHot | Way::Ordinal => &[Kind::Words, Kind::Number],
            Way::Expression | Way::JoinText | Way::Aggregate => &[Kind::Words, Kind::Number, Kind::Date],
        }
    }

    /// A formula of this kind that has no column yet, or the only one there is.
    pub fn blank(self, scope: &Scope) -> Formula {
        let only = |mut names: Vec<&Name>| match (names.pop(), names.len()) {
            (Some(name), 0) => name.name.clone(),
            _ => String::new(),
        };
        let column = match self {
            Way::Aggregate => String::new(),
            _ => only(scope.own(self.kinds()).collect()),
        };
        match self {
            Way::Expression => Formula::Expression { expression: String::new() },
            Way::Arithmetic => Formula::Arithmetic {
                left: Operand::Column(String::new()),
                op: Operation::Divide,
                right: Operand::Column(String::new()),
            },
            Way::JoinText => Formula::JoinText { columns: Vec::new(), separator: " ".into() },
            Way::Bins => Formula::Bins {
                column,
                method: BinMethod::Quantile,
                bins: Some(5),
                edges: Vec::new(),
                labels: Vec::new(),
            },
            Way::DatePart => Formula::DatePart { column, part: DatePart::Month },
            Way::DaysSince => Formula::DaysSince { column, until: None },
            Way::OneHot => Formula::OneHot { column, values: Vec::new(), most: None },
            Way::Ordinal => Formula::Ordinal { column, order: Vec::new() },
            Way::Aggregate => Formula::Aggregate { column, how: Aggregation::Mean, value: None },
        }
    }
}

/// A name for the result, in lower case with underscores; empty while the formula is.
pub fn proposed_name(formula: &Formula) -> String {
    let operand = |o: &Operand| match o {
        Operand::Column(name) => name.clone(),
        Operand::Number(value) => value.to_string(),
    };
    let text = match formula {
        Formula::Expression { expression } if expression.trim().is_empty() => String::new(),
        Formula::Expression { .. } => "calculated".into(),
        Formula::Arithmetic { left, op, right } => {
            let (left, right) = (operand(left), operand(right));
            if left.is_empty() || right.is_empty() {
                return String::new();
            }
            let word = match op {
                Operation::Add => "plus",
                Operation::Subtract => "minus",
                Operation::Multiply => "times",
                Operation::Divide => "per",
            };
            format!("{left} {word} {right}")
        }
        Formula::JoinText { columns, .. } => columns.join(" "),
        Formula::Bins { column, .. } | Formula::DatePart { column, .. } | Formula::DaysSince { column, .. }
            if column.is_empty() =>
        {
            String::new()
        }
        Formula::Bins { column, .. } => format!("{column} bin"),
        Formula::DatePart { column, part } => format!("{column} {}", part.name()),
        Formula::DaysSince { column, .. } => format!("days since {column}"),
        Formula::OneHot { column, .. } => column.clone(),
        Formula::Ordinal { column, .. } if column.is_empty() => String::new(),
        Formula::Ordinal { column, .. } => format!("{column} order"),
        Formula::Aggregate { column, how: Aggregation::ShareOf, value: Some(value) } if !column.is_empty() => {
            format!("share of {value}")
        }
        Formula::Aggregate { column, .. } if column.is_empty() => String::new(),
        Formula::Aggregate { column, how, .. } => format!("{} {column}", how.name()),
    };
    snake(&text)
}

/// `proposed` with a number behind it where it is taken.
pub fn free_name(proposed: &str, taken: impl Fn(&str) -> bool) -> String {
    if proposed.is_empty() || !taken(proposed) {
        return proposed.to_string();
    }
    (2..).map(|n| format!("{proposed}_{n}")).find(|name| !taken(name)).unwrap_or_default()
}

/// Letters and digits in lower case, with one underscore for everything between.
fn snake(text: &str) -> String {
    let mut out = String::new();
    let mut before = ' ';
    for c in text.chars() {
        // UnitPrice becomes unit_price.
        if c.is_uppercase() && (before.is_lowercase() || before.is_numeric()) {
            out.push('_');
        }
        if c.is_alphanumeric() {
            out.extend(c.to_lowercase());
        } else if !out.is_empty() && !out.ends_with('_') {
            out.push('_');
        }
        before = c;
    }
    out.trim_end_matches('_').to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_say_what_is_worked_out() {
        let column = |name: &str| Operand::Column(name.into());
        let quotient = Formula::Arithmetic { left: column("monetary"), op: Operation::Divide, right: column("Orders") };
        assert_eq!(proposed_name(&quotient), "monetary_per_orders");
        let mean = Formula::Aggregate { column: "UnitPrice".into(), how: Aggregation::Mean, value: None };
        assert_eq!(proposed_name(&mean), "mean_unit_price");
        let part = Formula::DatePart { column: "Invoice Date".into(), part: DatePart::YearMonth };
        assert_eq!(proposed_name(&part), "invoice_date_year_month");
        let share = Formula::Aggregate {
            column: "Country".into(),
            how: Aggregation::ShareOf,
            value: Some("United Kingdom".into()),
        };
        assert_eq!(proposed_name(&share), "share_of_united_kingdom");
        assert_eq!(proposed_name(&Formula::Expression { expression: " ".into() }), "");
        let open = Formula::Arithmetic { left: column("monetary"), op: Operation::Add, right: column("") };
        assert_eq!(proposed_name(&open), "");
    }

    #[test]
    fn taken_names_get_a_number() {
        let taken = ["calculated", "calculated_2"];
        assert_eq!(free_name("calculated", |n| taken.contains(&n)), "calculated_3");
        assert_eq!(free_name("other", |n| taken.contains(&n)), "other");
        assert_eq!(free_name("", |_| true), "");
    }
}

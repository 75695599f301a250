//! The cleaning steps of a recipe: what is done to the table before anything is counted, in the user's order.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::choices::choice;
use super::formula::Formula;
use crate::format::{count, plural};

/// One cleaning step, on or off.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CleanStep {
    /// A step that is off stays in the list and does nothing.
    #[serde(default = "yes")]
    pub on: bool,
    #[serde(flatten)]
    pub what: StepKind,
}

fn yes() -> bool {
    true
}

impl From<StepKind> for CleanStep {
    fn from(what: StepKind) -> Self {
        CleanStep { on: true, what }
    }
}

/// What a step does. Columns are given by name, as they are called when the step's turn comes. Numbers among the values
/// are read as the column reads its own: among decimal commas `1.000` is a thousand.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "snake_case", deny_unknown_fields)]
pub enum StepKind {
    /// Rows that equal another row in `columns` (empty: in all) are dropped. Which one stays is a matter of the order
    /// of rows.
    DropDuplicates {
        #[serde(default)]
        columns: Vec<String>,
        #[serde(default)]
        keep: KeepRow,
    },
    /// Missing values of one column are filled, or their rows dropped.
    Missing {
        column: String,
        action: MissingAction,
        /// For [`MissingAction::Value`].
        #[serde(default, skip_serializing_if = "String::is_empty")]
        value: String,
        /// The date column that [`MissingAction::Interpolate`] goes along.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        along: Option<String>,
    },
    /// A column is read as another type. Values that cannot be read become missing.
    ChangeType {
        column: String,
        to: CellType,
        /// The sign before decimals, for numbers; unset: as the column was read.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        decimal: Option<Decimal>,
        /// How dates are written, in strftime codes; unset: found from the values.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        date_format: Option<String>,
    },
    /// Spaces and letter case of `columns` (empty: of all columns of text).
    TidyText {
        #[serde(default)]
        columns: Vec<String>,
        #[serde(default = "yes")]
        trim: bool,
        #[serde(default = "yes")]
        collapse_spaces: bool,
        #[serde(default)]
        case: LetterCase,
    },
    /// Spellings of the same thing become one; each pair is what stands there, and what it becomes.
    UnifySpellings { column: String, map: Vec<(String, String)> },
    /// Values become other values; each pair is what stands there, and what it becomes.
    MapValues { column: String, map: Vec<(String, String)> },
    /// Text in `columns` (empty: in all) is replaced.
    FindReplace {
        #[serde(default)]
        columns: Vec<String>,
        find: String,
        #[serde(default)]
        replace: String,
        /// `find` is a regular expression, and `replace` may refer to its groups as `$1`.
        #[serde(default)]
        regex: bool,
        /// Only where the whole cell fits.
        #[serde(default)]
        whole_cell: bool,
        #[serde(default = "yes")]
        case_sensitive: bool,
    },
    /// Rows for which the condition holds stay, the others are dropped.
    Filter {
        column: String,
        op: Compare,
        /// One value, two for `between`, any number for `one_of`, none for `is_missing` and `is_present`.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        values: Vec<String>,
    },
    /// Numbers far from the others.
    Outliers {
        column: String,
        rule: OutlierRule,
        action: OutlierAction,
        /// Interquartile ranges beyond the quartiles (unset: 1.5), or standard deviations from the mean (unset: 3).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        distance: Option<f64>,
        /// Lower and upper limit of [`OutlierRule::Percentile`], 0–100; unset: 1 and 99.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        low: Option<f64>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        high: Option<f64>,
    },
    /// Rows with one of these values are dropped: postage, fees, samples.
    ExcludeProducts { column: String, values: Vec<String> },
    /// Columns are left out.
    DropColumns { columns: Vec<String> },
    /// A column gets another name.
    RenameColumn { from: String, to: String },
    /// A new column is worked out from the others; a column of the same name is replaced.
    Calculate { name: String, formula: Formula },
}

choice! {
    /// Which of several equal rows stays.
    KeepRow {
        First = "first", "First", "The topmost of the equal rows stays.";
        Last = "last", "Last", "The lowest of the equal rows stays.";
    }
}

choice! {
    /// What happens to missing values.
    MissingAction {
        DropRow = "drop_row", "Drop the row", "Rows without a value in this column are dropped.";
        Value = "value", "Fill with a value", "Missing values become the value given.";
        Mean = "mean", "Fill with the mean", "Missing values become the mean of the others.";
        Median = "median", "Fill with the median", "Missing values become the median of the others.";
        Mode = "mode", "Fill with the most frequent", "Missing values become the value of most rows; the smallest of several.";
        Previous = "previous", "Fill with the value above", "A missing value becomes the last value above it in the order of rows.";
        Interpolate = "interpolate", "Interpolate along dates", "A missing number lies on the straight line between the numbers before and after it in time; before the first it stays missing, after the last it is the last.";
    }
}

choice! {
    /// The type a column is read as.
    CellType {
        Text = "text", "Text", "Kept as it stands, leading zeros included.";
        Number = "number", "Number", "Values that are no number become missing.";
        Date = "date", "Date", "Values that are no date become missing.";
    }
}

choice! {
    /// The sign before decimals.
    Decimal {
        Point = "point", "Point (1,234.56)", "A point before decimals; commas, spaces and apostrophes between thousands.";
        Comma = "comma", "Comma (1.234,56)", "A comma before decimals; points, spaces and apostrophes between thousands.";
    }
}

choice! {
    /// The case of letters.
    LetterCase {
        Keep = "keep", "As it is", "Letters stay as they are.";
        Lower = "lower", "lower case", "All letters small.";
        Upper = "upper", "UPPER CASE", "All letters capital.";
        Title = "title", "Title Case", "The first letter of each word capital, the others small.";
    }
}

choice! {
    /// How a filter compares. Numbers and dates are compared as such, other values as text; upper and lower case
    /// are different.
    Compare {
        Equals = "equals", "is", "The value is the one given.";
        NotEquals = "not_equals", "is not", "The value is any other than the one given; rows without a value stay.";
        Contains = "contains", "contains", "The text is somewhere in the value.";
        NotContains = "not_contains", "does not contain", "The text is nowhere in the value; rows without a value stay.";
        StartsWith = "starts_with", "starts with", "The value begins with the text.";
        Matches = "matches", "matches", "The regular expression fits somewhere in the value.";
        Less = "less", "is less than", "Smaller number or earlier date.";
        LessOrEqual = "less_or_equal", "is at most", "Smaller or equal number, earlier or equal date.";
        Greater = "greater", "is more than", "Larger number or later date.";
        GreaterOrEqual = "greater_or_equal", "is at least", "Larger or equal number, later or equal date.";
        Between = "between", "is between", "Number or date from the first value to the second, both included.";
        OneOf = "one_of", "is one of", "The value is one of those given.";
        IsMissing = "is_missing", "is missing", "There is no value.";
        IsPresent = "is_present", "is present", "There is a value.";
    }
}

choice! {
    /// What counts as far from the others.
    OutlierRule {
        Iqr = "iqr", "Interquartile range", "Beyond the quartiles by more than 1.5 interquartile ranges (Tukey's fences).";
        ZScore = "z_score", "z-score", "More than 3 standard deviations (ddof 0) from the mean.";
        Percentile = "percentile", "Percentiles", "Below the lower or above the upper percentile (type-7 quantiles).";
    }
}

choice! {
    /// What happens to outliers.
    OutlierAction {
        Flag = "flag", "Flag", "A new column says yes or no; nothing else changes.";
        Cap = "cap", "Cap", "The value becomes the limit that it lies beyond.";
        Drop = "drop", "Drop", "The row is dropped.";
    }
}

macro_rules! first_is_default {
    ($($name:ident = $variant:ident;)+) => { $(impl Default for $name { fn default() -> Self { $name::$variant } })+ };
}
first_is_default! { KeepRow = First; LetterCase = Keep; }

impl StepKind {
    /// One step of each kind with nothing chosen yet, in the order in which they are offered.
    pub fn one_of_each() -> [StepKind; 13] {
        let none = String::new;
        [
            StepKind::Filter { column: none(), op: Compare::Equals, values: vec![none()] },
            StepKind::DropDuplicates { columns: vec![], keep: KeepRow::First },
            StepKind::Missing { column: none(), action: MissingAction::DropRow, value: none(), along: None },
            StepKind::TidyText { columns: vec![], trim: true, collapse_spaces: true, case: LetterCase::Keep },
            StepKind::UnifySpellings { column: none(), map: vec![] },
            StepKind::FindReplace {
                columns: vec![],
                find: none(),
                replace: none(),
                regex: false,
                whole_cell: false,
                case_sensitive: true,
            },
            StepKind::MapValues { column: none(), map: vec![] },
            StepKind::ExcludeProducts { column: none(), values: vec![] },
            StepKind::Outliers {
                column: none(),
                rule: OutlierRule::Iqr,
                action: OutlierAction::Flag,
                distance: None,
                low: None,
                high: None,
            },
            StepKind::ChangeType { column: none(), to: CellType::Number, decimal: None, date_format: None },
            StepKind::RenameColumn { from: none(), to: none() },
            StepKind::DropColumns { columns: vec![] },
            StepKind::Calculate { name: none(), formula: Formula::Expression { expression: none() } },
        ]
    }

    /// The name in recipe files and outputs.
    pub fn name(&self) -> &'static str {
        self.words().0
    }

    /// The words of a menu.
    pub fn label(&self) -> &'static str {
        self.words().1
    }

    /// One sentence that explains the kind of step.
    pub fn hint(&self) -> &'static str {
        self.words().2
    }

    fn words(&self) -> (&'static str, &'static str, &'static str) {
        match self {
            StepKind::DropDuplicates { .. } => {
                ("drop_duplicates", "Drop duplicates", "Rows that equal another row, in every column or in a key.")
            }
            StepKind::Missing { .. } => {
                ("missing", "Missing values", "Drop the rows, or fill in a value, from the column or along dates.")
            }
            StepKind::ChangeType { .. } => ("change_type", "Change type", "Read a column as text, numbers or dates."),
            StepKind::TidyText { .. } => {
                ("tidy_text", "Tidy text", "Spaces around and within values, and letter case.")
            }
            StepKind::UnifySpellings { .. } => {
                ("unify_spellings", "Unify spellings", "Values that are the same but for their spelling become one.")
            }
            StepKind::MapValues { .. } => ("map_values", "Map values", "Values become other values, one by one."),
            StepKind::FindReplace { .. } => {
                ("find_replace", "Find and replace", "Text in cells, also by regular expression.")
            }
            StepKind::Filter { .. } => ("filter", "Filter rows", "Keep the rows for which a condition holds."),
            StepKind::Outliers { .. } => ("outliers", "Outliers", "Flag, cap or drop numbers far from the others."),
            StepKind::ExcludeProducts { .. } => {
                ("exclude_products", "Exclude non-products", "Drop lines such as postage, fees and samples.")
            }
            StepKind::DropColumns { .. } => ("drop_columns", "Drop columns", "Leave columns out."),
            StepKind::RenameColumn { .. } => ("rename_column", "Rename column", "Give a column another name."),
            StepKind::Calculate { .. } => {
                ("calculate", "Calculated column", "A new column, worked out from the others.")
            }
        }
    }

    /// The names of the columns it refers to; empty where it is for all.
    pub fn columns(&self) -> Vec<&str> {
        match self {
            StepKind::DropDuplicates { columns, .. }
            | StepKind::TidyText { columns, .. }
            | StepKind::FindReplace { columns, .. }
            | StepKind::DropColumns { columns } => columns.iter().map(String::as_str).collect(),
            StepKind::Missing { column, along, .. } => {
                std::iter::once(column.as_str()).chain(along.as_deref()).collect()
            }
            StepKind::ChangeType { column, .. }
            | StepKind::UnifySpellings { column, .. }
            | StepKind::MapValues { column, .. }
            | StepKind::Filter { column, .. }
            | StepKind::Outliers { column, .. }
            | StepKind::ExcludeProducts { column, .. } => vec![column],
            StepKind::RenameColumn { from, .. } => vec![from],
            StepKind::Calculate { formula, .. } => formula.columns(),
        }
    }

    /// What this very step does, in words on one line, for example `Keep rows where "status" is "completed"`.
    pub fn sentence(&self) -> String {
        match self {
            StepKind::DropDuplicates { columns, keep } => match columns.as_slice() {
                [] => format!("Drop rows that are equal in every column, keep the {}", keep.name()),
                some => format!("Drop rows with equal {}, keep the {}", list(some), keep.name()),
            },
            StepKind::Missing { column, action, value, along } => match action {
                MissingAction::DropRow => format!("Drop rows without {column:?}"),
                MissingAction::Value => format!("Fill missing {column:?} with {value:?}"),
                MissingAction::Mean => format!("Fill missing {column:?} with the mean"),
                MissingAction::Median => format!("Fill missing {column:?} with the median"),
                MissingAction::Mode => format!("Fill missing {column:?} with the most frequent value"),
                MissingAction::Previous => format!("Fill missing {column:?} with the value above"),
                MissingAction::Interpolate => {
                    format!("Interpolate missing {column:?} along {:?}", along.as_deref().unwrap_or(""))
                }
            },
            StepKind::ChangeType { column, to, .. } => format!("Read {column:?} as {}", to.name()),
            StepKind::TidyText { columns, trim, collapse_spaces, case } => {
                let mut parts = Vec::new();
                if *trim {
                    parts.push("trim".to_string());
                }
                if *collapse_spaces {
                    parts.push("collapse spaces".into());
                }
                if *case != LetterCase::Keep {
                    parts.push(format!("{} case", case.name()));
                }
                let what = if parts.is_empty() { "nothing chosen".into() } else { parts.join(", ") };
                format!("Tidy {}: {what}", if columns.is_empty() { "every text column".into() } else { list(columns) })
            }
            StepKind::UnifySpellings { column, map } => {
                format!("Unify {} of {column:?}", plural(map.len(), "spelling", "spellings"))
            }
            StepKind::MapValues { column, map } => {
                format!("Map {} of {column:?}", plural(map.len(), "value", "values"))
            }
            StepKind::FindReplace { columns, find, replace, regex, .. } => format!(
                "Replace {}{find:?} with {replace:?} in {}",
                if *regex { "the pattern " } else { "" },
                if columns.is_empty() { "every column".into() } else { list(columns) }
            ),
            StepKind::Filter { column, op, values } => match op {
                Compare::Between if values.len() == 2 => {
                    format!("Keep rows where {column:?} is between {:?} and {:?}", values[0], values[1])
                }
                Compare::IsMissing | Compare::IsPresent => format!("Keep rows where {column:?} {}", op.label()),
                _ => format!("Keep rows where {column:?} {} {}", op.label(), list(values)),
            },
            StepKind::Outliers { column, action, rule, .. } => {
                format!("{} outliers of {column:?} by {}", action.label(), rule.label().to_lowercase())
            }
            StepKind::ExcludeProducts { column, values } => {
                format!("Exclude rows whose {column:?} is {}", list(values))
            }
            StepKind::DropColumns { columns } => format!("Drop {}", list(columns)),
            StepKind::RenameColumn { from, to } => format!("Rename {from:?} to {to:?}"),
            StepKind::Calculate { name, formula } => format!("Calculate {name:?}: {}", formula.sentence()),
        }
    }
}

/// Up to four names in quotation marks, and how many more there are.
fn list(names: &[String]) -> String {
    let shown: Vec<String> = names.iter().take(4).map(|n| format!("{n:?}")).collect();
    match names.len() {
        0 => "nothing".into(),
        n if n > 4 => format!("{} and {} more", shown.join(", "), count(n - 4)),
        _ => shown.join(", "),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::recipe::Recipe;

    fn text() -> impl Strategy<Value = String> {
        prop_oneof![
            "[ -~]{0,12}",
            ".{0,6}",
            Just("a\nb\r\"c\"".to_string()),
            Just("[[clean.steps]]".to_string()),
            Just("\u{0}\u{7f}\u{85}\u{2028}'''".to_string()),
        ]
    }

    fn texts() -> impl Strategy<Value = Vec<String>> {
        prop::collection::vec(text(), 0..4)
    }

    fn pairs() -> impl Strategy<Value = Vec<(String, String)>> {
        prop::collection::vec((text(), text()), 0..4)
    }

    fn any_of<T: Copy + std::fmt::Debug + 'static>(all: &'static [T]) -> impl Strategy<Value = T> {
        prop::sample::select(all)
    }

    fn number() -> impl Strategy<Value = Option<f64>> {
        prop::option::of(prop_oneof![-1e6..1e6f64, Just(3.0), Just(1e300), Just(0.1 + 0.2), Just(-0.0)])
    }

    fn kind() -> impl Strategy<Value = StepKind> {
        prop_oneof![
            (texts(), any_of(KeepRow::ALL)).prop_map(|(columns, keep)| StepKind::DropDuplicates { columns, keep }),
            (text(), any_of(MissingAction::ALL), text(), prop::option::of(text()))
                .prop_map(|(column, action, value, along)| StepKind::Missing { column, action, value, along }),
            (text(), any_of(CellType::ALL), prop::option::of(any_of(Decimal::ALL)), prop::option::of(text())).prop_map(
                |(column, to, decimal, date_format)| StepKind::ChangeType { column, to, decimal, date_format }
            ),
            (texts(), any::<bool>(), any::<bool>(), any_of(LetterCase::ALL)).prop_map(
                |(columns, trim, collapse_spaces, case)| StepKind::TidyText { columns, trim, collapse_spaces, case }
            ),
            (text(), pairs()).prop_map(|(column, map)| StepKind::UnifySpellings { column, map }),
            (text(), pairs()).prop_map(|(column, map)| StepKind::MapValues { column, map }),
            (texts(), text(), text(), any::<bool>(), any::<bool>(), any::<bool>()).prop_map(
                |(columns, find, replace, regex, whole_cell, case_sensitive)| StepKind::FindReplace {
                    columns,
                    find,
                    replace,
                    regex,
                    whole_cell,
                    case_sensitive
                }
            ),
            (text(), any_of(Compare::ALL), texts()).prop_map(|(column, op, values)| StepKind::Filter {
                column,
                op,
                values
            }),
            (text(), any_of(OutlierRule::ALL), any_of(OutlierAction::ALL), number(), number(), number()).prop_map(
                |(column, rule, action, distance, low, high)| StepKind::Outliers {
                    column,
                    rule,
                    action,
                    distance,
                    low,
                    high
                }
            ),
            (text(), texts()).prop_map(|(column, values)| StepKind::ExcludeProducts { column, values }),
            texts().prop_map(|columns| StepKind::DropColumns { columns }),
            (text(), text()).prop_map(|(from, to)| StepKind::RenameColumn { from, to }),
            (text(), text()).prop_map(|(name, expression)| StepKind::Calculate {
                name,
                formula: Formula::Expression { expression }
            }),
        ]
    }

    proptest! {
        #[test]
        fn any_steps_read_back_as_they_were_written(
            steps in prop::collection::vec((any::<bool>(), kind()).prop_map(|(on, what)| CleanStep { on, what }), 0..5)
        ) {
            let mut recipe = Recipe::for_file("sales.csv");
            recipe.clean.steps = steps;
            let text = recipe.to_toml();
            prop_assert_eq!(Recipe::from_toml(&text).unwrap(), recipe, "{}", text);
        }
    }

    #[test]
    fn a_step_is_short_in_a_file_and_its_mistakes_are_named() {
        let text =
            "[[clean.steps]]\nstep = \"filter\"\ncolumn = \"status\"\nop = \"equals\"\nvalues = [\"completed\"]\n";
        let recipe = Recipe::from_toml(text).unwrap();
        let step = &recipe.clean.steps[0];
        assert!(step.on);
        assert_eq!(step.what.sentence(), "Keep rows where \"status\" is \"completed\"");
        let error = Recipe::from_toml(&text.replace("values", "vaules")).unwrap_err().to_string();
        assert!(error.contains("vaules"), "{error}");
        let error = Recipe::from_toml(&text.replace("equals", "like")).unwrap_err().to_string();
        assert!(error.contains("like") && error.contains("contains"), "{error}");
        assert!(
            Recipe::from_toml(&text.replace("\"filter\"", "\"filtre\"")).unwrap_err().to_string().contains("filtre")
        );
    }
}

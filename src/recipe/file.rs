//! The recipe as a commented TOML file.

use std::path::Path;

use super::Recipe;
use crate::error::{Error, Result};

/// Version of the recipe format that this program writes. A file with a larger number is refused.
pub const FORMAT_VERSION: u32 = 1;

/// More cleaning steps than anybody writes.
const MOST_STEPS: usize = 1000;

/// What stands above each key in a written recipe. Keys that are left out when unset are listed in
/// the comment of their section, so that a reader of the file knows that they exist.
const COMMENTS: &[(&str, &str)] = &[
    ("version", "Version of this format."),
    (
        "input",
        "Which files, and how to read them. Unset keys are found by looking at the file:\nsheet, delimiter, encoding, quote, escape, skip_rows, header, header_rows, decimal, combine, keep_totals.",
    ),
    ("input.files", "Paths of the files. A recipe for next month names another file here."),
    ("input.sheet", "Sheet of the workbook."),
    ("input.delimiter", "One character between the fields of a text file."),
    ("input.encoding", "For example \"utf-8\" or \"windows-1252\"."),
    ("input.quote", "One character around cells that may hold the delimiter; \"\" for none."),
    ("input.escape", "One character that makes the quote after it part of the text; \"\" where doubling does."),
    ("input.skip_rows", "Lines above the table to leave out."),
    ("input.header", "Whether the first row holds the column names."),
    ("input.header_rows", "How many rows the column names are spread over."),
    ("input.decimal", "Decimal sign of the numbers, \".\" or \",\"."),
    ("input.combine", "What several files are to each other: stack | join"),
    ("input.keep_totals", "Keep rows that only add up the others."),
    (
        "roles",
        "Which column is what, by column name. Unset: guessed from names and contents. \"\": no such column.\nKeys: customer_id, date, invoice, product, amount, quantity, unit_price, category, discount, date_format;\nfor tables with one row per customer shape, recency, frequency, monetary.",
    ),
    ("roles.customer_id", "Who bought."),
    ("roles.date", "When."),
    ("roles.invoice", "Which order; frequency counts distinct ones."),
    ("roles.product", "What was bought; needed to match cancellations with purchases."),
    ("roles.amount", "Money of the row as a whole."),
    ("roles.quantity", "Number of pieces."),
    ("roles.unit_price", "Money per piece; amount = quantity × unit price where there is no amount."),
    ("roles.category", "What kind of thing was bought; for features only."),
    ("roles.discount", "What was taken off the price, zero or empty for none; for features only."),
    ("roles.shape", "What one row stands for: transactions | rfm | customers"),
    ("roles.recency", "Days since the last purchase, or its date; tables with one row per customer only."),
    ("roles.frequency", "Number of purchases; tables with one row per customer only."),
    ("roles.monetary", "Money spent; tables with one row per customer only."),
    (
        "roles.date_format",
        "How dates are written: day_first, month_first, or strftime codes such as \"%d/%m/%Y %H:%M\".",
    ),
    ("clean", "What is removed before anything is counted."),
    ("clean.drop_duplicates", "Drop rows that equal an earlier row in every column."),
    ("clean.returns", "drop | net | match"),
    ("clean.set_aside_not_positive", "Leave out customers whose net spend is zero or less."),
    (
        "clean.steps",
        "What is done to the table first, in this order; one [[clean.steps]] each, with on = false for one that rests.\n\
         step: drop_duplicates | missing | change_type | tidy_text | unify_spellings | map_values | find_replace |\n\
         filter | outliers | exclude_products | drop_columns | rename_column | calculate",
    ),
    ("customers", "Customers picked by hand, by id. Unset: only = all customers, without = nobody."),
    ("customers.only", "The analysis is of these customers only."),
    ("customers.without", "The analysis goes without these."),
    ("customers.groups", "Named selections; they change nothing."),
    (
        "rfm",
        "Recency, frequency, monetary. Unset: snapshot = the day after the last transaction,\nwindow_days = the whole file.",
    ),
    ("rfm.snapshot", "The day on which the analysis looks back."),
    ("rfm.window_days", "Look back this many days only."),
    (
        "rfm.keep_inactive",
        "Keep customers without a purchase in the window: recency = window + 1, frequency 0, monetary 0.",
    ),
    ("rfm.frequency", "auto | invoices | days | rows"),
    ("rfm.scores", "Number of scores per axis, 3 to 10."),
    ("rfm.score_cuts", "quantile | rfm_package"),
    ("rfm.binning", "independent | nested"),
    ("rfm.recency_cuts", "Cut points of recency given by hand, ascending."),
    ("rfm.frequency_cuts", "Cut points of frequency given by hand, ascending."),
    ("rfm.monetary_cuts", "Cut points of monetary given by hand, ascending."),
    ("rfm.map", "From scores to segments: grid25 | codes125 | classic11; [rfm.own_map] counts in its place."),
    ("rfm.compare_to", "Another snapshot date, to see who moved between segments."),
    (
        "features",
        "What customers are clustered by, and how it is prepared. Unset: columns = recency, frequency and monetary,\nor the numbers of a table of customers.",
    ),
    ("features.columns", "Names of the features to cluster by."),
    ("features.transform", "none | log1p | yeo_johnson | rank"),
    ("features.scale", "none | z_score | min_max | robust"),
    ("features.each", "Features that are prepared in another way than the others: weight, transform, scale."),
    (
        "features.calculate",
        "Features that you defined; one [[features.calculate]] each.\n\
         by: expression | arithmetic | join_text | bins | date_part | days_since | one_hot | ordinal | aggregate",
    ),
    ("cluster", "How the clusters are found."),
    ("cluster.k", "\"auto\" or a number."),
    ("cluster.k_min", "Smallest number of clusters to try."),
    ("cluster.k_max", "Largest number of clusters to try."),
    ("cluster.k_by", "What auto goes by: elbow | silhouette | calinski_harabasz | davies_bouldin"),
    ("cluster.restarts", "k-means starts per k."),
    ("cluster.seed", "The same seed gives the same clusters, whatever the number of threads."),
];

impl Recipe {
    /// The recipe as commented TOML. [`Recipe::from_toml`] reads it back to an equal value.
    pub fn to_toml(&self) -> String {
        // The plain writer keeps every value on one line, so that a line is a section, a key or nothing.
        let plain = toml::to_string(self).expect("a recipe holds only values that TOML can write");
        let mut out = String::from("# A Quintile recipe: everything that was decided, nothing that was computed.\n");
        let mut section = String::new();
        let mut steps = self.clean.steps.iter();
        for line in plain.lines() {
            let key = if let Some(name) = line.strip_prefix("[[").and_then(|l| l.strip_suffix("]]")) {
                let first = section != name;
                section = name.to_string();
                if first { name.to_string() } else { String::new() }
            } else if let Some(name) = line.strip_prefix('[').and_then(|l| l.strip_suffix(']')) {
                section = name.to_string();
                name.to_string()
            } else {
                match line.split_once(" = ") {
                    Some((key, _)) if section.is_empty() => key.to_string(),
                    Some((key, _)) => format!("{section}.{key}"),
                    None => String::new(),
                }
            };
            if let Some((_, comment)) = COMMENTS.iter().find(|(k, _)| *k == key) {
                for text in comment.lines() {
                    out.push_str(&format!("# {text}\n"));
                }
            }
            if line == "[[clean.steps]]"
                && let Some(step) = steps.next()
            {
                out.push_str(&format!("# {}\n", step.what.sentence()));
            }
            out.push_str(line);
            out.push('\n');
        }
        out
    }

    /// Reads a recipe. Keys that are missing get their default; unknown keys and values are errors that
    /// name the line, and a file written by a newer program is refused.
    pub fn from_toml(text: &str) -> Result<Self> {
        #[derive(serde::Deserialize)]
        struct OnlyVersion {
            version: Option<u32>,
        }
        if let Ok(OnlyVersion { version: Some(version) }) = toml::from_str(text)
            && version > FORMAT_VERSION
        {
            return Err(Error::Recipe(format!(
                "this recipe has format version {version}, but this Quintile knows versions up to {FORMAT_VERSION}; update Quintile to use it"
            )));
        }
        let recipe: Recipe = toml::from_str(text)
            .map_err(|e| Error::Recipe(format!("the recipe cannot be read: {}", e.to_string().trim_end())))?;
        recipe.check()?;
        Ok(recipe)
    }

    /// Reads a recipe file. Relative paths in it start from the recipe's own folder.
    pub fn load(path: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(path).map_err(|e| Error::read(path, e))?;
        let mut recipe = Self::from_toml(&text)?;
        if let Some(folder) = path.parent() {
            for file in &mut recipe.input.files {
                *file = folder.join(&*file);
            }
        }
        Ok(recipe)
    }

    /// Refuses what contradicts itself, before anything runs.
    pub fn check(&self) -> Result<()> {
        let c = &self.cluster;
        if c.k_min < 2 || c.k_max < c.k_min || c.k_max > 50 {
            return Err(Error::Recipe(format!(
                "the range of k is {}..{}; it has to lie within 2..50, smallest first",
                c.k_min, c.k_max
            )));
        }
        if let super::KChoice::Fixed(k) = c.k
            && !(1..=100).contains(&k)
        {
            return Err(Error::Recipe(format!("k is {k}; it has to lie within 1..100")));
        }
        if self.clean.steps.len() > MOST_STEPS {
            return Err(Error::Recipe(format!(
                "the recipe has {} cleaning steps; it may have up to {MOST_STEPS}",
                self.clean.steps.len()
            )));
        }
        if !(1..=1000).contains(&c.restarts) {
            return Err(Error::Recipe(format!("restarts is {}; it has to lie within 1..1000", c.restarts)));
        }
        if self.rfm.scores != 5 {
            return Err(Error::Recipe(format!(
                "scores is {}; the segment grid of this version is defined for 5",
                self.rfm.scores
            )));
        }
        if self.features.columns.as_ref().is_some_and(Vec::is_empty) {
            return Err(Error::Recipe(
                "the list of features is empty; name at least one, or leave the list out for the usual ones".into(),
            ));
        }
        if self.rfm.window_days.is_some_and(|days| !(1..=100_000).contains(&days)) {
            return Err(Error::Recipe(
                "window_days is 0; give at least 1 day, or leave it out for the whole file".into(),
            ));
        }
        if self.rfm.keep_inactive && self.rfm.window_days.is_none() {
            return Err(Error::Recipe(
                "keep_inactive needs window_days: without a window every customer is active".into(),
            ));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recipe::{KChoice, Returns};

    #[test]
    fn every_key_has_a_comment_and_reads_back() {
        let mut recipe = Recipe::for_file("a \"quoted\"\nname.csv");
        recipe.input.sheet = Some("Sheet = 1".into());
        recipe.input.delimiter = Some('\t');
        recipe.input.encoding = Some("utf-8".into());
        recipe.input.header = Some(true);
        recipe.input.decimal = Some(',');
        recipe.roles = crate::recipe::Roles {
            customer_id: Some("[Id]".into()),
            date: Some("d".into()),
            invoice: Some(String::new()),
            product: Some("p".into()),
            amount: Some("a".into()),
            quantity: Some("q".into()),
            unit_price: Some("u".into()),
            date_format: Some("%d".into()),
            shape: Some(crate::recipe::TableShape::RfmTable),
            recency: Some("r".into()),
            frequency: Some("f".into()),
            monetary: Some("m".into()),
        };
        recipe.features.columns = Some(vec!["Annual Income (k$)".into(), "a, \"b\"".into()]);
        recipe.rfm.snapshot = chrono::NaiveDate::from_ymd_opt(2011, 12, 10);
        recipe.rfm.window_days = Some(365);
        recipe.clean.returns = Returns::Match;
        recipe.clean.steps = crate::recipe::StepKind::one_of_each().map(Into::into).into();
        recipe.cluster.k = KChoice::Fixed(4);
        let text = recipe.to_toml();
        let mut section = String::new();
        let mut before = "";
        for line in text.lines() {
            if let Some(name) = line.strip_prefix('[').and_then(|l| l.strip_suffix(']')) {
                section = name.trim_matches(['[', ']']).into();
                assert!(before.starts_with('#'), "section {section} has no comment");
            } else if line.contains(" = ") && !line.starts_with('#') && section != "clean.steps" {
                assert!(before.starts_with('#'), "no comment above {line} in {section}");
            }
            before = line;
        }
        assert_eq!(Recipe::from_toml(&text).unwrap(), recipe);
    }

    #[test]
    fn defaults_fill_what_is_missing() {
        assert_eq!(Recipe::from_toml("").unwrap(), Recipe::default());
        assert_eq!(Recipe::from_toml("[cluster]\nk = 7\n").unwrap().cluster.k, KChoice::Fixed(7));
    }

    #[test]
    fn a_newer_format_is_refused_clearly_even_with_unknown_keys() {
        let error = Recipe::from_toml("version = 2\n[future]\nx = 1\n").unwrap_err().to_string();
        assert!(error.contains("version 2") && error.contains("update"), "{error}");
    }

    #[test]
    fn unknown_keys_and_values_are_named() {
        let error = Recipe::from_toml("[clean]\nretruns = \"net\"\n").unwrap_err().to_string();
        assert!(error.contains("retruns"), "{error}");
        let error = Recipe::from_toml("[clean]\nreturns = \"keep\"\n").unwrap_err().to_string();
        assert!(error.contains("keep") && error.contains("match"), "{error}");
        assert!(Recipe::from_toml("[cluster]\nk_min = 9\nk_max = 3\n").is_err());
    }
}

//! The recipe as a commented TOML file.

use std::path::Path;

use super::{Recipe, toml_lines};
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
    ("clean.steps.formula", "What the column is worked out from."),
    ("customers", "Customers picked by hand, by id. Unset: only = all customers, without = nobody."),
    ("customers.only", "The analysis is of these customers only."),
    ("customers.without", "The analysis goes without these."),
    ("customers.groups", "Named selections; they change nothing. One [[customers.groups]] each."),
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
    ("rfm.recency_cuts", "Cut points of recency given by hand, ascending; one fewer than scores."),
    ("rfm.frequency_cuts", "Cut points of frequency given by hand, ascending; one fewer than scores."),
    ("rfm.monetary_cuts", "Cut points of monetary given by hand, ascending; one fewer than scores."),
    (
        "rfm.map",
        "From scores to segments: grid25 | codes125 | classic11 | rfm_package; [rfm.own_map] counts in its place.",
    ),
    (
        "rfm.own_map",
        "A segment map of your own, checked before it is used: scores, axes (rf | r_fm | rfm), then one of grid, codes\n\
         and range; rest = the segment of everything else; order = by what ranges that overlap are ordered.",
    ),
    ("rfm.own_map.grid", "A segment per recency score, from 1, in the row of each frequency score."),
    ("rfm.own_map.codes", "The codes of each segment: recency, frequency and monetary score one after the other."),
    ("rfm.own_map.range", "Ranges of scores, in the order in which they count; one [[rfm.own_map.range]] each."),
    (
        "rfm.own_map.segment",
        "The segments; one [[rfm.own_map.segment]] each, with name, meaning, action, channel, color (#rrggbb) and rank (1 = best).",
    ),
    ("rfm.compare_to", "Another snapshot date, to see who moved between segments."),
    (
        "features",
        "What customers are clustered by, and how it is prepared. Unset: columns = recency, frequency and monetary,\nor the numbers of a table of customers.",
    ),
    ("features.columns", "Names of the features to cluster by."),
    ("features.transform", "none | log1p | yeo_johnson | rank"),
    ("features.scale", "none | z_score | min_max | robust"),
    (
        "features.each",
        "Features that are prepared in another way than the others: weight, transform, scale, missing (zero | median).",
    ),
    (
        "features.calculate",
        "Features that you defined; one [[features.calculate]] each.\n\
         by: expression | arithmetic | join_text | bins | date_part | days_since | one_hot | ordinal | aggregate",
    ),
    ("cluster", "How the clusters are found."),
    (
        "cluster.algorithm",
        "k_means | mini_batch | gaussian_mixture | agglomerative | hdbscan | k_prototypes\nFurther keys: min_cluster_size and min_samples (hdbscan), word_weight (k_prototypes).",
    ),
    ("cluster.k", "\"auto\" or a number; hdbscan finds its own."),
    ("cluster.k_min", "Smallest number of clusters to try."),
    ("cluster.k_max", "Largest number of clusters to try."),
    ("cluster.k_by", "What auto goes by: elbow | silhouette | calinski_harabasz | davies_bouldin | bic"),
    ("cluster.restarts", "Random starts per k; the best one wins."),
    ("cluster.seed", "The same seed gives the same clusters, whatever the number of threads."),
    ("cluster.covariance", "Gaussian mixtures: full | diagonal"),
    ("cluster.linkage", "Agglomerative: ward | average | complete"),
    ("cluster.references", "Reference data sets per k for the gap statistic; 0 for none."),
    ("cluster.resamples", "Resamples per k for stability and prediction strength; 0 for none."),
    (
        "segments",
        "What the user says of segments. Unset: patterns = a file of patterns with names, sentences and actions of your own.",
    ),
    ("segments.patterns", "A file of patterns in place of the one that comes with the program."),
    (
        "segments.named",
        "Clusters with a name or a note given by hand; one [[segments.named]] each, with customers = how many it had and\n\
         everyone = how many there were in all. It belongs to the cluster that holds more than half of the members, a sample of\n\
         the customers it was given to, and rests where there is none.",
    ),
    (
        "outputs",
        "What a run writes beside the usual files. Unset: sql (duckdb | postgres | spark | bigquery),\nformats (parquet | json).",
    ),
    ("outputs.sql", "Dialects in which the segmentation is written as a query."),
    ("outputs.formats", "Further formats of the tables: parquet | json"),
    ("outputs.per_segment", "A file of customers per segment too."),
    ("outputs.per_transaction", "A table of transactions with their customer's segment too."),
    ("outputs.csv", "programs | excel | excel_semicolon"),
    (
        "presentation",
        "How it is presented. Unset: company, logo = a picture for the report, currency = that of the file.",
    ),
    ("presentation.company", "Whose report it is."),
    ("presentation.logo", "A picture for the head of the report."),
    ("presentation.currency", "The sign of the currency; \"\" for none."),
    ("presentation.numbers", "comma (1,234.5) | point (1.234,5) | space (1 234,5) | apostrophe (1’234.5)"),
];

impl Recipe {
    /// The recipe as commented TOML. [`Recipe::from_toml`] reads it back to an equal value.
    pub fn to_toml(&self) -> String {
        // A line is a section, a key, nothing, or within a text of several lines.
        let plain = toml::to_string(self).expect("a recipe holds only values that TOML can write");
        let mut out = String::from("# A Quintile recipe: everything that was decided, nothing that was computed.\n");
        let mut section = String::new();
        let mut steps = self.clean.steps.iter();
        for (line, within) in toml_lines::lines(plain.trim_end_matches('\n')) {
            if within {
                out.push_str(line);
                out.push('\n');
                continue;
            }
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
                // What the user typed may hold line ends, which a comment must not.
                out.push_str(&format!("# {}\n", step.what.sentence().replace(char::is_control, " ")));
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
            let named = [&mut recipe.segments.patterns, &mut recipe.presentation.logo].into_iter().flatten();
            for file in recipe.input.files.iter_mut().chain(named) {
                *file = folder.join(&*file);
            }
        }
        Ok(recipe)
    }

    /// Refuses what contradicts itself, before anything runs.
    pub fn check(&self) -> Result<()> {
        self.cluster.check()?;
        if self.clean.steps.len() > MOST_STEPS {
            return Err(Error::Recipe(format!(
                "the recipe has {} cleaning steps; it may have up to {MOST_STEPS}",
                self.clean.steps.len()
            )));
        }
        self.rfm.check()?;
        self.segments.check()?;
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
    use crate::recipe::{
        BinMethod, Calculation, Dialect, FeatureChoice, FillMissing, Formula, Group, IdList, KChoice, NamedSegment,
        Numbers, Operand, Operation, Presentation, Returns, Scale, Segments, TableFormat, Transform,
    };

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
            category: Some("c".into()),
            discount: Some("e".into()),
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
        recipe.customers.only = Some(IdList::new(vec!["2".into(), "1".into()]));
        recipe.customers.without = IdList::new(vec!["a = b".into()]);
        recipe.customers.groups = vec![Group { name: "[x]".into(), ids: IdList::new(vec!["1".into()]) }];
        recipe.rfm.recency_cuts = Some(vec![1.0, 2.5, 3.0, 4.0]);
        recipe.rfm.frequency_cuts = Some(vec![1.0, 1.0, 3.0, 4.0]);
        recipe.rfm.monetary_cuts = Some(vec![0.1 + 0.2, 2.0, 3.0, 4.0]);
        recipe.rfm.compare_to = chrono::NaiveDate::from_ymd_opt(2011, 6, 1);
        let members = IdList::new(vec!["17850".into()]);
        recipe.segments = Segments {
            patterns: Some("patterns.toml".into()),
            named: vec![NamedSegment {
                name: "A = \"b\"".into(),
                note: "c\n[d]".into(),
                customers: 7,
                everyone: 90,
                members,
            }],
        };
        recipe.outputs.sql = Dialect::ALL.to_vec();
        recipe.outputs.formats = vec![TableFormat::Parquet, TableFormat::Json];
        recipe.presentation = Presentation {
            company: "Shop".into(),
            logo: Some("logo.png".into()),
            currency: Some("€".into()),
            numbers: Numbers::Point,
        };
        let text = recipe.to_toml();
        let mut section = String::new();
        let mut before = "";
        for line in text.lines() {
            if let Some(name) = line.strip_prefix('[').and_then(|l| l.strip_suffix(']')) {
                let last = std::mem::replace(&mut section, name.trim_matches(['[', ']']).into());
                assert!(last == section || before.starts_with('#'), "section {section} has no comment");
            } else if line.contains(" = ")
                && !line.starts_with('#')
                && !["clean.steps", "clean.steps.formula", "customers.groups", "segments.named"]
                    .contains(&section.as_str())
            {
                assert!(before.starts_with('#'), "no comment above {line} in {section}");
            }
            before = line;
        }
        assert_eq!(Recipe::from_toml(&text).unwrap(), recipe);
    }

    /// Every shipped map as the user's own, which has each of the three forms; calculations and choices per feature.
    #[test]
    fn own_maps_calculations_and_single_choices_read_back() {
        let mut recipe = Recipe::for_file("sales.csv");
        recipe.features.each.insert("a = \"b\"".into(), FeatureChoice { weight: 0.5, ..FeatureChoice::default() });
        let missing = Some(FillMissing::Median);
        let each = FeatureChoice { weight: 2.0, transform: Some(Transform::Rank), scale: Some(Scale::MinMax), missing };
        recipe.features.each.insert("frequency".into(), each);
        let edges = Formula::Bins {
            column: "x".into(),
            method: BinMethod::Edges,
            bins: None,
            edges: vec![-1.5, 0.1 + 0.2],
            labels: vec!["low\n[x]".into()],
        };
        let less = Formula::Arithmetic {
            left: Operand::Column("monetary".into()),
            op: Operation::Subtract,
            right: Operand::Number(3.0),
        };
        recipe.features.calculate = vec![
            Calculation { name: "[[rfm]]".into(), formula: edges },
            Calculation { name: "less".into(), formula: less },
            Calculation { name: "e".into(), formula: Formula::Expression { expression: "a = 'b' # c".into() } },
        ];
        for (name, _) in crate::rfm::SegmentMap::names() {
            let mut map = crate::rfm::SegmentMap::by_name(name).unwrap().to_file();
            map.segment[0].color = Some("#00ff7f".into());
            map.segment[1].meaning = "[rfm]\nscores = 3".into();
            map.notes = vec!["A note.".into()];
            recipe.rfm.own_map = Some(map);
            let text = recipe.to_toml();
            assert_eq!(Recipe::from_toml(&text).unwrap(), recipe, "{text}");
            assert_eq!(Recipe::from_toml(&text).unwrap().to_toml(), text);
            for wanted in ["[rfm.own_map]", "[[rfm.own_map.segment]]", "[[features.calculate]]"] {
                let lines: Vec<&str> = text.lines().collect();
                let at = lines.iter().position(|l| *l == wanted).unwrap();
                assert!(lines[at - 1].starts_with('#'), "no comment above {wanted}");
            }
        }
    }

    #[test]
    fn scores_cut_points_and_maps_that_cannot_be_are_refused() {
        let refused = |text: &str| Recipe::from_toml(text).unwrap_err().to_string();
        assert!(refused("[rfm]\nscores = 2\n").contains("3..10"));
        let error = refused("[rfm]\nscores = 4\nfrequency_cuts = [1.0, 2.0]\n");
        assert!(error.contains("frequency_cuts has 2 cut points") && error.contains("4 scores need 3"), "{error}");
        assert!(refused("[rfm]\nrecency_cuts = [1.0, 9.0, 3.0, 4.0]\n").contains("9 before 3"));
        assert!(refused("[rfm]\nmonetary_cuts = [1.0, inf, 3.0, nan]\n").contains("no number"));
        assert!(refused("[rfm]\nmap = \"grid\"\n").contains("grid25"));
        let hole = "[rfm.own_map]\ntitle = \"Mine\"\n[rfm.own_map.codes]\nAll = [\"11\"]\n[[rfm.own_map.segment]]\nname = \"All\"\n";
        assert!(refused(hole).contains("24 of 25") && refused(hole).contains("12, 13"), "{}", refused(hole));
        assert!(Recipe::from_toml("[rfm]\nscores = 3\nfrequency_cuts = [1.0, 1.0]\nmap = \"classic11\"\n").is_ok());
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

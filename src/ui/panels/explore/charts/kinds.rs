//! The kinds of chart: what each is called and answers, which tables it fits, and what it asks at first.

use egui_material_icons::MaterialIcon;
use egui_material_icons::icons::{
    ICON_BAR_CHART, ICON_BLUR_ON, ICON_CALENDAR_MONTH, ICON_CANDLESTICK_CHART, ICON_FLARE, ICON_GRID_ON,
    ICON_INSERT_CHART, ICON_SCATTER_PLOT, ICON_SHOW_CHART, ICON_STACKED_LINE_CHART, ICON_TABLE_ROWS,
};

use super::statistics::Described;
use crate::app::columns_of;
use crate::explore::{Correlation, FarRule, Measure, Period, Question, Source, Summary, SummaryKind};
use crate::rfm::{FREQUENCY, MONETARY, RECENCY, Unit};

/// What is known of the table that is looked at.
pub struct Known<'a> {
    pub source: Source,
    pub columns: &'a [Summary],
    /// What the numbers of each column count, in the order of the columns.
    pub units: &'a [Unit],
    /// The file's own currency sign.
    pub currency: Option<&'a str>,
    /// Whether rows are purchases; else each is a customer.
    pub of_sales: bool,
    /// Whether dates have a time of day.
    pub has_time: bool,
    /// Whether anything is known of money.
    pub has_money: bool,
    /// The columns that say what is spent, what is bought and who buys, where there are such.
    pub amount: Option<&'a str>,
    pub product: Option<&'a str>,
    pub customer: Option<&'a str>,
    /// Names of the features that customers are clustered by.
    pub features: &'a [String],
}

/// Most groups of bars, and most distinct words of a column that is offered to group by.
pub const MOST_BARS: u32 = 15;
const MOST_GROUPS: usize = 200;
/// Most distinct numbers that tell groups apart: scores, years.
const MOST_NUMBERS: usize = 30;

/// A kind of chart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Timeline,
    WeekHours,
    Cohorts,
    Pareto,
    Histogram,
    Bars,
    Boxes,
    Scatter,
    Correlations,
    Outliers,
    Missing,
}

impl Kind {
    /// Every kind, in the order of the menu.
    pub const ALL: [Kind; 11] = [
        Kind::Timeline,
        Kind::WeekHours,
        Kind::Cohorts,
        Kind::Pareto,
        Kind::Histogram,
        Kind::Bars,
        Kind::Boxes,
        Kind::Scatter,
        Kind::Correlations,
        Kind::Outliers,
        Kind::Missing,
    ];

    /// The kind of a question; none draws all statistics.
    pub fn of(question: &Question) -> Option<Kind> {
        Some(match question {
            Question::Summaries { .. } => return None,
            Question::Histogram { .. } => Kind::Histogram,
            Question::Boxes { .. } => Kind::Boxes,
            Question::Scatter { .. } => Kind::Scatter,
            Question::Correlations { .. } => Kind::Correlations,
            Question::Missing { .. } => Kind::Missing,
            Question::Outliers { .. } => Kind::Outliers,
            Question::Categories { .. } => Kind::Bars,
            Question::Timeline { .. } => Kind::Timeline,
            Question::WeekHours { .. } => Kind::WeekHours,
            Question::Cohorts { .. } => Kind::Cohorts,
            Question::Pareto => Kind::Pareto,
        })
    }

    pub fn name(self) -> &'static str {
        match self {
            Kind::Timeline => "Over time",
            Kind::WeekHours => "Weekday × hour",
            Kind::Cohorts => "Cohort retention",
            Kind::Pareto => "Pareto curve",
            Kind::Histogram => "Histogram",
            Kind::Bars => "Categories",
            Kind::Boxes => "Box plots",
            Kind::Scatter => "Scatter",
            Kind::Correlations => "Correlations",
            Kind::Outliers => "Outliers",
            Kind::Missing => "Missing values",
        }
    }

    pub fn hint(self) -> &'static str {
        match self {
            Kind::Timeline => "Revenue, orders or customers per day, week or month",
            Kind::WeekHours => "When in the week people buy",
            Kind::Cohorts => "Who comes back, by month of the first purchase",
            Kind::Pareto => "How much of the revenue the best customers bring",
            Kind::Histogram => "How the values of one column spread",
            Kind::Bars => "The most frequent values of a column",
            Kind::Boxes => "Quartiles and outliers, side by side per group",
            Kind::Scatter => "Two columns against each other, coloured by a third",
            Kind::Correlations => "Which columns go together, two by two",
            Kind::Outliers => "Values far from all others, or from their group",
            Kind::Missing => "Which columns lack values, and which lack them together",
        }
    }

    pub fn icon(self) -> MaterialIcon {
        match self {
            Kind::Timeline => ICON_SHOW_CHART,
            Kind::WeekHours => ICON_CALENDAR_MONTH,
            Kind::Cohorts => ICON_TABLE_ROWS,
            Kind::Pareto => ICON_STACKED_LINE_CHART,
            Kind::Histogram => ICON_BAR_CHART,
            Kind::Bars => ICON_INSERT_CHART,
            Kind::Boxes => ICON_CANDLESTICK_CHART,
            Kind::Scatter => ICON_SCATTER_PLOT,
            Kind::Correlations => ICON_GRID_ON,
            Kind::Outliers => ICON_FLARE,
            Kind::Missing => ICON_BLUR_ON,
        }
    }

    /// What a new chart of this kind asks of the table; `None` where the table has nothing for it. `column`: the one in
    /// focus, which is taken where it fits.
    pub fn question(self, known: &Known, column: Option<&str>) -> Option<Question> {
        let source = known.source;
        let focus = column.and_then(|name| known.columns.iter().find(|c| c.name == name));
        let number = || focus.filter(|c| is_number(c)).or_else(|| known.numbers().next()).map(|c| c.name.clone());
        let sales = source == Source::Transactions && known.of_sales;
        Some(match self {
            Kind::Timeline if sales => Question::Timeline { period: Period::Month, measure: known.measure() },
            Kind::WeekHours if sales && known.has_time => Question::WeekHours { measure: Measure::Orders },
            Kind::Cohorts if sales => Question::Cohorts { measure: Measure::Customers, share: true },
            Kind::Pareto if known.has_money && source != Source::File => Question::Pareto,
            Kind::Histogram => {
                let dated = focus.filter(|c| c.kind == SummaryKind::Date).map(|c| c.name.clone());
                known.histogram(&dated.or_else(number)?)
            }
            Kind::Bars => {
                let words = focus.filter(|c| c.kind == SummaryKind::Words);
                let column = words.or_else(|| known.words()).map(|c| c.name.clone())?;
                let measure = if sales { known.measure() } else { Measure::Rows };
                Question::Categories { source, column, measure, most: MOST_BARS }
            }
            Kind::Boxes => {
                let column = number()?;
                let log = known.skewed(&column);
                Question::Boxes { source, column, by: known.group().map(|c| c.name.clone()), log }
            }
            Kind::Scatter => {
                let x = number()?;
                let y = known.numbers().find(|c| c.name != x)?.name.clone();
                known.scatter(&x, &y)?
            }
            Kind::Correlations if known.numbers().nth(1).is_some() => {
                Question::Correlations { source, method: Correlation::Spearman }
            }
            Kind::Outliers => Question::Outliers { source, column: number()?, rule: FarRule::Iqr, by: None },
            Kind::Missing if !known.columns.is_empty() => Question::Missing { source },
            _ => return None,
        })
    }
}

/// Whether a column can be counted with: one of numbers that are not all the same.
pub fn is_number(column: &Summary) -> bool {
    column.kind == SummaryKind::Number
}

/// Whether there are few enough distinct values to tell rows apart by.
pub fn is_group(column: &Summary) -> bool {
    let most = if column.kind == SummaryKind::Words { MOST_GROUPS } else { MOST_NUMBERS };
    (2..=most).contains(&column.distinct)
}

impl Known<'_> {
    /// A column with what it takes to write its numbers.
    pub fn described<'c>(&'c self, column: &'c Summary) -> Described<'c> {
        let at = self.columns.iter().position(|c| c.name == column.name);
        let unit = at.and_then(|at| self.units.get(at)).copied().unwrap_or(Unit::Number);
        Described { column, unit, currency: self.currency }
    }

    /// Columns of numbers, those that are most telling first; ids are none.
    pub fn numbers(&self) -> impl Iterator<Item = &Summary> {
        let worth = |c: &&Summary| is_number(c) && c.distinct > 1 && Some(c.name.as_str()) != self.customer;
        let told = self.features.iter().map(String::as_str).chain(self.amount);
        let first = told.filter_map(|name| self.columns.iter().find(|c| c.name == name));
        let first: Vec<&Summary> = first.filter(worth).collect();
        let rest: Vec<&Summary> =
            self.columns.iter().filter(worth).filter(|c| !first.iter().any(|f| f.name == c.name)).collect();
        first.into_iter().chain(rest)
    }

    /// A column of words worth counting: a handful of values before a few hundred, before many.
    fn words(&self) -> Option<&Summary> {
        let words = || self.columns.iter().filter(|c| c.kind == SummaryKind::Words && c.distinct > 1);
        let few = words().filter(|c| c.distinct <= MOST_GROUPS).max_by_key(|c| (c.count, c.distinct));
        few.or_else(|| words().find(|c| Some(c.name.as_str()) == self.product))
            .or_else(|| words().filter(|c| Some(c.name.as_str()) != self.customer).min_by_key(|c| c.distinct))
    }

    /// A column of words to set groups apart by: the segments of customers first.
    pub fn group(&self) -> Option<&Summary> {
        let groups = || self.columns.iter().filter(|c| c.kind == SummaryKind::Words && is_group(c));
        groups().find(|c| c.name.contains("segment")).or_else(|| groups().min_by_key(|c| c.distinct))
    }

    fn measure(&self) -> Measure {
        if self.has_money { Measure::Revenue } else { Measure::Rows }
    }

    /// Whether a column is so lopsided that a logarithmic axis shows more of it; few distinct values would lie far
    /// apart there.
    fn skewed(&self, column: &str) -> bool {
        self.columns.iter().any(|c| c.name == column && c.skew > 3.0 && c.min > 0.0 && c.distinct > MOST_GROUPS)
    }

    /// The histogram of a column.
    fn histogram(&self, column: &str) -> Question {
        let (source, log_x) = (self.source, self.skewed(column));
        Question::Histogram { source, column: column.to_string(), bins: 30, log_x, log_y: false }
    }

    /// The chart of a column that was clicked.
    pub fn about(&self, column: &Summary) -> Question {
        match column.kind {
            SummaryKind::Number | SummaryKind::Date => self.histogram(&column.name),
            SummaryKind::Words => {
                let (source, column) = (self.source, column.name.clone());
                Question::Categories { source, column, measure: Measure::Rows, most: MOST_BARS }
            }
        }
    }

    /// The charts that stand before anybody chose any.
    pub fn usual(&self) -> Vec<Question> {
        let ask = |kind: Kind, column: Option<&str>| kind.question(self, column);
        let mut questions: Vec<Option<Question>> = Vec::new();
        match self.source {
            Source::Transactions => {
                questions.extend([Kind::Timeline, Kind::WeekHours, Kind::Bars, Kind::Cohorts].map(|k| ask(k, None)));
                questions.extend([ask(Kind::Pareto, None), ask(Kind::Histogram, self.amount)]);
            }
            Source::Customers => {
                let axes =
                    [RECENCY, FREQUENCY, MONETARY].into_iter().filter(|a| self.columns.iter().any(|c| c.name == *a));
                let mut shown: Vec<&str> = axes.collect();
                if shown.is_empty() {
                    shown = self.numbers().take(3).map(|c| c.name.as_str()).collect();
                }
                questions.extend(shown.iter().map(|name| ask(Kind::Histogram, Some(name))));
                questions.push(shown.first().zip(shown.last()).and_then(|(x, y)| self.scatter(x, y)));
                questions.push(ask(Kind::Boxes, shown.last().copied()));
                questions.extend([Kind::Correlations, Kind::Pareto].map(|k| ask(k, None)));
            }
            Source::File => {
                questions.extend([Kind::Missing, Kind::Bars].map(|k| ask(k, None)));
                questions.extend([Kind::Histogram, Kind::Outliers, Kind::Boxes].map(|k| ask(k, self.amount)));
                questions.push(ask(Kind::Correlations, None));
            }
        }
        questions.into_iter().flatten().collect()
    }

    /// One column against another one.
    pub fn scatter(&self, x: &str, y: &str) -> Option<Question> {
        let (log_x, log_y) = (self.skewed(x), self.skewed(y));
        let color = self.group().filter(|_| self.source == Source::Customers).map(|c| c.name.clone());
        let (x, y) = (x.to_string(), y.to_string());
        (x != y).then_some(Question::Scatter { source: self.source, x, y, color, log_x, log_y })
    }

    /// Whether a question can be asked of this table.
    pub fn fits(&self, question: &Question) -> bool {
        let has = |name: &String| self.columns.iter().any(|c| c.name == *name);
        columns_of(question).into_iter().all(has)
            && match question {
                Question::Timeline { .. } | Question::Cohorts { .. } => self.of_sales,
                Question::WeekHours { .. } => self.of_sales && self.has_time,
                Question::Pareto => self.has_money,
                _ => true,
            }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(name: &str, kind: SummaryKind, distinct: usize) -> Summary {
        Summary { name: name.into(), kind, distinct, count: 1000, min: 1.0, ..Summary::default() }
    }

    fn known<'a>(source: Source, columns: &'a [Summary]) -> Known<'a> {
        Known {
            source,
            columns,
            units: &[],
            currency: None,
            of_sales: true,
            has_time: true,
            has_money: true,
            amount: Some("Amount"),
            product: Some("Product"),
            customer: Some("Customer"),
            features: &[],
        }
    }

    #[test]
    fn sales_get_the_charts_of_sales() {
        let columns = [
            column("Customer", SummaryKind::Number, 500),
            column("Product", SummaryKind::Words, 4000),
            column("Country", SummaryKind::Words, 38),
            column("Date", SummaryKind::Date, 300),
            column("Amount", SummaryKind::Number, 700),
        ];
        let sales = known(Source::Transactions, &columns);
        let kinds: Vec<Kind> = sales.usual().iter().filter_map(Kind::of).collect();
        assert_eq!(kinds, [Kind::Timeline, Kind::WeekHours, Kind::Bars, Kind::Cohorts, Kind::Pareto, Kind::Histogram]);
        assert!(
            matches!(&sales.usual()[2], Question::Categories { column, measure: Measure::Revenue, .. } if column == "Country")
        );
        assert!(matches!(&sales.usual()[5], Question::Histogram { column, .. } if column == "Amount"));
        // Without a time of day there is no heat map of hours, also not one that was there before.
        let days = Known { has_time: false, ..known(Source::Transactions, &columns) };
        assert!(!days.fits(&Question::WeekHours { measure: Measure::Orders }));
        assert!(days.usual().iter().all(|q| Kind::of(q) != Some(Kind::WeekHours)));
    }

    #[test]
    fn customers_without_purchases_get_what_fits() {
        let columns = [
            column("CustomerID", SummaryKind::Number, 200),
            column("Genre", SummaryKind::Words, 2),
            column("Age", SummaryKind::Number, 51),
            column("Income", SummaryKind::Number, 64),
        ];
        let features = ["Age".to_string(), "Income".to_string()];
        let customers = Known {
            of_sales: false,
            has_time: false,
            has_money: false,
            amount: None,
            product: None,
            customer: Some("CustomerID"),
            features: &features,
            ..known(Source::Customers, &columns)
        };
        let usual = customers.usual();
        let kinds: Vec<Kind> = usual.iter().filter_map(Kind::of).collect();
        assert_eq!(
            kinds,
            [Kind::Histogram, Kind::Histogram, Kind::Scatter, Kind::Boxes, Kind::Correlations],
            "no money, no time, no id"
        );
        assert!(usual.iter().all(|q| customers.fits(q)));
        for kind in [Kind::Timeline, Kind::WeekHours, Kind::Cohorts, Kind::Pareto] {
            assert!(kind.question(&customers, None).is_none(), "{kind:?}");
        }
    }

    #[test]
    fn a_new_chart_takes_the_column_in_focus_where_it_fits() {
        let columns = [
            column("a", SummaryKind::Number, 9),
            column("b", SummaryKind::Number, 9),
            column("w", SummaryKind::Words, 5),
        ];
        let file = known(Source::File, &columns);
        let histogram = Kind::Histogram.question(&file, Some("b"));
        assert!(matches!(histogram, Some(Question::Histogram { column, .. }) if column == "b"));
        let histogram = Kind::Histogram.question(&file, Some("w"));
        assert!(matches!(histogram, Some(Question::Histogram { column, .. }) if column == "a"), "words have none");
        assert!(!file.fits(&Question::Boxes {
            source: Source::File,
            column: "a".into(),
            by: Some("z".into()),
            log: false
        }));
    }
}

//! The settings in the head of a chart: every part of its question that can be chosen.

use egui::{RichText, Slider, Ui};

use super::kinds::{Known, is_group, is_number};
use crate::explore::{Correlation, FarRule, Measure, Period, Question, Source, Summary, SummaryKind};
use crate::ui::theme;
use crate::ui::widgets::pick::{Pick, flag};

/// Fewest and most bins of a histogram.
const BINS: std::ops::RangeInclusive<u32> = 3..=200;

const MEASURES: [(Measure, &str); 4] = [
    (Measure::Rows, "Rows"),
    (Measure::Customers, "Customers"),
    (Measure::Orders, "Orders"),
    (Measure::Revenue, "Revenue"),
];
const PERIODS: [(Period, &str); 3] = [(Period::Day, "Day"), (Period::Week, "Week"), (Period::Month, "Month")];
const METHODS: [(Correlation, &str); 2] = [(Correlation::Pearson, "Pearson"), (Correlation::Spearman, "Spearman")];
const RULES: [(FarRule, &str); 3] =
    [(FarRule::Iqr, "1.5 × IQR"), (FarRule::RobustZ, "Robust z-score"), (FarRule::ByGroup, "Far from its group")];
const MOST: [u32; 5] = [5, 10, 15, 30, 100];

/// A row of settings for one card. `number` tells screen readers which chart they belong to.
pub struct Settings<'a> {
    pub known: &'a Known<'a>,
    pub number: usize,
}

impl Settings<'_> {
    /// Draws them; returns the question with what was changed.
    pub fn show(&self, ui: &mut Ui, question: &Question) -> Option<Question> {
        let mut new = question.clone();
        match &mut new {
            Question::Summaries { .. } | Question::Missing { .. } | Question::Pareto => {}
            Question::Histogram { column, bins, log_x, log_y, .. } => {
                self.column(ui, "Column", "What is counted", column, |c| c.kind != SummaryKind::Words);
                self.bins(ui, bins);
                self.log(ui, "Log x", log_x);
                self.log(ui, "Log y", log_y);
            }
            Question::Boxes { column, by, log, .. } => {
                self.column(ui, "Column", "Whose values are compared", column, is_number);
                self.optional(ui, "By", "One box per value of this column", by, is_group);
                self.log(ui, "Log y", log);
            }
            Question::Scatter { x, y, color, log_x, log_y, .. } => {
                self.column(ui, "x", "The column from left to right", x, |c| c.kind != SummaryKind::Words);
                self.column(ui, "y", "The column from bottom to top", y, |c| c.kind != SummaryKind::Words);
                self.optional(ui, "Colour", "One colour per value of this column", color, |c| c.distinct > 1);
                self.log(ui, "Log x", log_x);
                self.log(ui, "Log y", log_y);
            }
            Question::Correlations { method, .. } => {
                let hint = "Pearson: along a straight line\nSpearman: the ranks, along any rising or falling curve";
                self.choice(ui, "Method", hint, &METHODS, method);
            }
            Question::Outliers { column, rule, by, .. } => {
                self.column(ui, "Column", "Whose values are looked at", column, is_number);
                let hint = "1.5 × IQR: beyond the quartiles by more than 1.5 interquartile ranges (Tukey)\n\
                            Robust z-score: 0.6745 · |x − median| / MAD above 3.5 (Iglewicz and Hoaglin)\n\
                            Far from its group: far from the median of its own group by the group's own spread";
                self.choice(ui, "Rule", hint, &RULES, rule);
                if *rule == FarRule::ByGroup {
                    if by.is_none() {
                        *by = self.known.group().map(|c| c.name.clone());
                    }
                    self.optional(ui, "Group", "The column that says which group a row belongs to", by, is_group);
                }
            }
            Question::Categories { source, column, measure, most } => {
                self.column(ui, "Column", "Whose values are counted", column, |_| true);
                if *source != Source::Customers || self.known.has_money {
                    self.measure(ui, *source, measure);
                }
                let at = MOST.iter().map(|m| m.to_string()).collect::<Vec<_>>();
                let options = || MOST.into_iter().zip(at.iter().map(String::as_str)).collect();
                let words = most.to_string();
                let pick = self.pick("Most", "How many of the most frequent values");
                if let Some(picked) = pick.show(ui, &words, options, most) {
                    *most = picked;
                }
            }
            Question::Timeline { period, measure } => {
                self.choice(ui, "Per", "How long a stretch one point stands for", &PERIODS, period);
                self.measure(ui, Source::Transactions, measure);
            }
            Question::WeekHours { measure } => self.measure(ui, Source::Transactions, measure),
            Question::Cohorts { measure, share } => {
                let kinds: Vec<_> = MEASURES.into_iter().filter(|(m, _)| self.of_cohorts(*m)).collect();
                self.choice(ui, "Measure", "What the cells count", &kinds, measure);
                let hint = "As a share of the cohort's first month";
                flag(ui, "Share", &self.name("Share"), hint, share);
            }
        }
        (new != *question).then_some(new)
    }

    fn name(&self, what: &str) -> String {
        format!("{what}, chart {}", self.number)
    }

    fn pick<'p>(&self, name: &'p str, hint: &'p str) -> Pick<'p> {
        Pick { name, full_name: self.name(name), hint }
    }

    fn column(&self, ui: &mut Ui, name: &str, hint: &str, column: &mut String, fits: impl Fn(&Summary) -> bool) {
        let columns = || {
            let fitting = self.known.columns.iter().filter(|c| fits(c));
            fitting.map(|c| (c.name.clone(), c.label.as_str())).collect()
        };
        if let Some(picked) = self.pick(name, hint).show(ui, self.label(column), columns, column) {
            *column = picked;
        }
    }

    /// A column or none.
    fn optional(
        &self,
        ui: &mut Ui,
        name: &str,
        hint: &str,
        column: &mut Option<String>,
        fits: impl Fn(&Summary) -> bool,
    ) {
        let columns = || {
            let fitting = self.known.columns.iter().filter(|c| fits(c));
            let named = fitting.map(|c| (Some(c.name.clone()), c.label.as_str()));
            std::iter::once((None, "None")).chain(named).collect()
        };
        let words = column.as_ref().map_or("None", |name| self.label(name));
        if let Some(picked) = self.pick(name, hint).show(ui, words, columns, column) {
            *column = picked;
        }
    }

    fn label<'a>(&'a self, column: &'a str) -> &'a str {
        self.known.columns.iter().find(|c| c.name == column).map_or(column, |c| c.label.as_str())
    }

    fn choice<T: Copy + PartialEq>(&self, ui: &mut Ui, name: &str, hint: &str, options: &[(T, &str)], value: &mut T) {
        let words = options.iter().find(|(v, _)| v == value).map_or("–", |(_, words)| words);
        if let Some(picked) = self.pick(name, hint).show(ui, words, || options.to_vec(), value) {
            *value = picked;
        }
    }

    fn measure(&self, ui: &mut Ui, source: Source, measure: &mut Measure) {
        let fits = |m: Measure| match m {
            Measure::Revenue => self.known.has_money,
            Measure::Orders => source == Source::Transactions,
            // Rows of the table of customers are customers.
            Measure::Customers => source != Source::Customers && self.known.of_sales,
            Measure::Rows => true,
        };
        let name =
            |m: Measure, words| if m == Measure::Rows && source == Source::Customers { "Customers" } else { words };
        let options: Vec<_> = MEASURES.into_iter().filter(|(m, _)| fits(*m)).map(|(m, w)| (m, name(m, w))).collect();
        if options.len() > 1 {
            self.choice(ui, "Measure", "What is counted or added up", &options, measure);
        }
    }

    fn of_cohorts(&self, measure: Measure) -> bool {
        measure == Measure::Customers || measure == Measure::Revenue && self.known.has_money
    }

    fn log(&self, ui: &mut Ui, name: &str, on: &mut bool) {
        let hint = "Logarithmic axis: equal steps multiply; values of zero or less have no place on it";
        flag(ui, name, &self.name(name), hint, on);
    }

    fn bins(&self, ui: &mut Ui, bins: &mut u32) {
        let t = theme::of(ui);
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = t.space.xs;
            ui.spacing_mut().slider_width = 2.0 * t.space.xl;
            // The rail is not to vanish on the ground of the card.
            ui.visuals_mut().widgets.inactive.bg_fill = t.bg.line;
            ui.spacing_mut().interact_size.y = t.shape.row - t.shape.ring;
            ui.label(RichText::new("Bins").size(t.font.small).color(t.text.muted));
            let slider = Slider::new(bins, BINS).logarithmic(true).show_value(false);
            ui.add(slider)
                .on_hover_text("About how many bars; their edges stay round numbers")
                .accessible_name(self.name("Bins"));
            ui.label(RichText::new(bins.to_string()).size(t.font.small));
        });
    }
}

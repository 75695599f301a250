//! What the Explore panel looks at.

use serde::{Deserialize, Serialize};

use crate::explore::{Question, Source};

/// The two sides of the panel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub enum ExploreTab {
    /// Columns and charts.
    #[default]
    Charts,
    /// The table of customers, and the card of one of them.
    Customers,
}

impl ExploreTab {
    /// Every tab in order.
    pub const ALL: [ExploreTab; 2] = [ExploreTab::Charts, ExploreTab::Customers];

    /// Its words.
    pub fn title(self) -> &'static str {
        match self {
            ExploreTab::Charts => "Charts",
            ExploreTab::Customers => "Customers",
        }
    }

    /// What it answers, in one line.
    pub fn question(self) -> &'static str {
        match self {
            ExploreTab::Charts => "What is in the numbers?",
            ExploreTab::Customers => "Who are the customers, and why is one in their segment?",
        }
    }
}

/// One chart of the grid: a question whose parts are its settings.
#[derive(Debug, Clone, PartialEq)]
pub struct Card {
    /// A number of its own, never used again.
    pub id: u64,
    pub question: Question,
}

/// The charts of one table.
#[derive(Debug, Clone, Default)]
struct Grid {
    cards: Vec<Card>,
    /// Whether the user changed anything; until then the usual charts are shown, whatever the columns.
    touched: bool,
    /// The card that shows the column clicked last.
    following: Option<u64>,
}

/// State of the panel that changes no finding.
#[derive(Debug, Clone, Default)]
pub struct ExploreView {
    pub tab: ExploreTab,
    /// The table whose columns and charts are shown.
    pub source: Source,
    /// A part of the names of the columns to list.
    pub search: String,
    /// The column with its full statistics.
    pub focus: Option<String>,
    /// All statistics as a table in place of the charts.
    pub as_table: bool,
    /// The card that fills the panel.
    pub enlarged: Option<u64>,
    /// The card to bring into view in the next frame.
    pub reveal: Option<u64>,
    grids: [Grid; 3],
    next_id: u64,
}

impl ExploreView {
    fn grid(&mut self) -> &mut Grid {
        &mut self.grids[self.source as usize]
    }

    /// The charts of the table that is shown.
    pub fn cards(&self) -> &[Card] {
        &self.grids[self.source as usize].cards
    }

    /// Fits the charts to the columns there are: those of the user stay as long as `fits`; where none is left or nobody
    /// touched them, the `usual` ones stand.
    pub fn fit(&mut self, fits: impl Fn(&Question) -> bool, usual: impl FnOnce() -> Vec<Question>) {
        let grid = self.grid();
        let before = grid.cards.len();
        if grid.touched {
            grid.cards.retain(|card| fits(&card.question));
            // Who took the last chart away wants none.
            if !grid.cards.is_empty() || before == 0 {
                return;
            }
        }
        let usual = usual();
        if grid.cards.iter().map(|c| &c.question).eq(&usual) {
            return;
        }
        grid.cards = Vec::new();
        grid.touched = false;
        grid.following = None;
        for question in usual {
            let id = self.new_id();
            self.grid().cards.push(Card { id, question });
        }
    }

    /// Forgets what the user changed, so that the usual charts stand again.
    pub fn reset(&mut self) {
        *self.grid() = Grid::default();
        self.enlarged = None;
    }

    /// Whether the charts are others than the usual ones.
    pub fn touched(&self) -> bool {
        self.grids[self.source as usize].touched
    }

    /// Adds a chart at the end and brings it into view.
    pub fn add(&mut self, question: Question) {
        let id = self.new_id();
        let grid = self.grid();
        grid.touched = true;
        grid.cards.push(Card { id, question });
        self.shown(id);
    }

    /// Shows a column that was clicked: in the card for it, or in a new one at the top.
    pub fn follow(&mut self, question: Question) {
        let following = self.grid().following;
        let id = match following.filter(|id| self.cards().iter().any(|c| c.id == *id)) {
            Some(id) => id,
            None => {
                let id = self.new_id();
                let grid = self.grid();
                grid.following = Some(id);
                grid.cards.insert(0, Card { id, question: question.clone() });
                id
            }
        };
        self.change(id, question);
        self.shown(id);
    }

    fn shown(&mut self, id: u64) {
        self.as_table = false;
        self.reveal = Some(id);
        if self.enlarged.is_some() {
            self.enlarged = Some(id);
        }
    }

    /// Asks something else in a card.
    pub fn change(&mut self, id: u64, question: Question) {
        let grid = self.grid();
        grid.touched = true;
        if let Some(card) = grid.cards.iter_mut().find(|c| c.id == id) {
            card.question = question;
        }
    }

    /// Takes a card away.
    pub fn remove(&mut self, id: u64) {
        let grid = self.grid();
        grid.touched = true;
        grid.cards.retain(|c| c.id != id);
        if self.enlarged == Some(id) {
            self.enlarged = None;
        }
    }

    /// The charts that the user arranged, by the table they are of.
    pub fn arranged(&self) -> Vec<(Source, Vec<Question>)> {
        let tables = [Source::Transactions, Source::Customers, Source::File];
        let of = |source: Source| {
            let grid = &self.grids[source as usize];
            grid.touched.then(|| (source, grid.cards.iter().map(|c| c.question.clone()).collect()))
        };
        tables.into_iter().filter_map(of).collect()
    }

    /// Brings charts back that were arranged earlier.
    pub fn arrange(&mut self, charts: Vec<(Source, Vec<Question>)>) {
        for (source, questions) in charts {
            let cards: Vec<Card> = questions.into_iter().map(|question| Card { id: self.new_id(), question }).collect();
            self.grids[source as usize] = Grid { cards, touched: true, following: None };
        }
    }

    fn new_id(&mut self) -> u64 {
        self.next_id += 1;
        self.next_id
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn histogram(column: &str) -> Question {
        let (source, column) = (Source::Transactions, column.to_string());
        Question::Histogram { source, column, bins: 30, log_x: false, log_y: false }
    }

    fn names(view: &ExploreView) -> Vec<&str> {
        let name = |c: &'_ Card| match &c.question {
            Question::Histogram { .. } => "histogram",
            Question::Pareto => "pareto",
            _ => "other",
        };
        view.cards().iter().map(name).collect()
    }

    #[test]
    fn untouched_charts_follow_the_columns_and_touched_ones_stay_while_they_fit() {
        let mut view = ExploreView::default();
        view.fit(|_| true, || vec![histogram("a")]);
        view.fit(|_| true, || vec![histogram("b"), Question::Pareto]);
        assert_eq!(names(&view), ["histogram", "pareto"]);
        view.add(histogram("c"));
        view.fit(|q| *q != Question::Pareto, Vec::new);
        assert_eq!(
            view.cards().iter().map(|c| c.question.clone()).collect::<Vec<_>>(),
            [histogram("b"), histogram("c")]
        );
        // Nothing fits another file: the usual ones again.
        view.fit(|_| false, || vec![Question::Pareto]);
        assert_eq!(names(&view), ["pareto"]);
        assert!(!view.touched());
        // Taking the last one away leaves none.
        view.remove(view.cards()[0].id);
        view.fit(|_| true, || vec![Question::Pareto]);
        assert!(view.cards().is_empty());
    }

    #[test]
    fn clicks_on_columns_share_one_card() {
        let mut view = ExploreView::default();
        view.fit(|_| true, || vec![Question::Pareto]);
        view.follow(histogram("a"));
        view.follow(histogram("b"));
        assert_eq!(names(&view), ["histogram", "pareto"]);
        assert_eq!(view.cards()[0].question, histogram("b"));
        let other = Source::Customers;
        view.source = other;
        view.fit(|_| true, Vec::new);
        assert!(view.cards().is_empty(), "each table has its own");
    }
}

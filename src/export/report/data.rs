//! What the report says, as plain values: the HTML and the PDF template are filled from the same [`Report`], so that they
//! cannot disagree. Every number is a text already, written as people read it; shares are kept as 0–1 for bars as well.

use serde::{Deserialize, Serialize};

/// The whole report.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Report {
    pub title: String,
    /// Whose it is; empty for nobody's.
    pub company: String,
    /// The name of the logo among [`Report::files`].
    pub logo: Option<String>,
    /// The files it was made from.
    pub source: String,
    /// From the first to the last day of the data; empty where they have no dates.
    pub period: String,
    /// A few sentences that say it all.
    pub story: Vec<String>,
    pub figures: Vec<Figure>,
    /// The one picture of the first page.
    pub glance: Option<Picture>,
    /// All segments with their figures.
    pub segments: Table,
    pub segments_note: String,
    /// What tells the segments apart.
    pub apart: Vec<Block>,
    /// One per segment, in the order of the table.
    pub pages: Vec<Page>,
    /// Segments by scores, movements, method, data quality.
    pub parts: Vec<Part>,
    /// A line at the foot of every page of the PDF.
    pub foot: String,
    /// Pictures and the logo, which the templates refer to by name.
    #[serde(skip)]
    pub files: Vec<File>,
}

/// A picture file of the report.
#[derive(Debug, Clone, PartialEq)]
pub struct File {
    /// For example `glance.svg`.
    pub name: String,
    pub bytes: Vec<u8>,
}

/// One number that stands for itself.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Figure {
    pub label: String,
    pub value: String,
    /// What it is of, or what it means; may be empty.
    pub note: String,
}

/// A chart.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Picture {
    /// Its name among [`Report::files`].
    pub file: String,
    pub title: String,
    /// What it was made from, or how it is read; may be empty.
    pub note: String,
    /// What it shows, for those who cannot see it.
    pub alt: String,
    /// Width over height.
    pub aspect: f64,
}

/// Rows and columns.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Table {
    pub columns: Vec<Column>,
    pub rows: Vec<Vec<Cell>>,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Column {
    pub title: String,
    /// Numbers stand at the right.
    pub right: bool,
    /// Its share of the width that the columns without one leave.
    pub wide: Option<f64>,
    /// Its cells have bars, which need a width of their own.
    pub bars: bool,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Cell {
    pub text: String,
    /// The length of a bar below the text, 0–1.
    pub bar: Option<f64>,
    /// A segment's colour before the text, and the colour of its bar, as `#rrggbb`.
    pub color: Option<String>,
    /// The segment's page.
    pub link: Option<String>,
    /// Where a group's quartiles stand among everyone's.
    pub range: Option<Range>,
    /// Text in the muted colour.
    pub muted: bool,
}

/// First quartile, median and third quartile of a group as shares (0–1) of all customers that have less.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Range {
    pub from: f64,
    pub middle: f64,
    pub to: f64,
}

/// A part of a page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum Block {
    Heading {
        text: String,
    },
    Text {
        text: String,
    },
    Note {
        text: String,
    },
    Table {
        table: Table,
    },
    Picture {
        picture: Picture,
    },
    /// Sentences one below the other.
    List {
        items: Vec<String>,
    },
}

/// A part of the report with a heading of its own.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Part {
    /// The place that links lead to.
    pub anchor: String,
    pub title: String,
    /// Whether it begins a page.
    pub page: bool,
    pub blocks: Vec<Block>,
}

/// A segment.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Page {
    pub anchor: String,
    /// As in files; empty for those who belong to no segment.
    pub number: String,
    pub name: String,
    /// Its colour and that of text on it, as `#rrggbb`.
    pub color: String,
    pub on_color: String,
    pub description: String,
    /// What the user notes about it.
    pub note: String,
    pub figures: Vec<Figure>,
    pub action: String,
    pub channel: String,
    pub reason: String,
    /// The money that the action is about, in a sentence.
    pub stake: String,
    /// Up to three pictures that stand side by side: among all, against everyone, month by month.
    pub pictures: Vec<Picture>,
    /// Features with quartiles; no rows: none.
    pub numbers: Table,
    pub numbers_note: String,
    pub rules: Vec<Statement>,
    pub rules_note: String,
    pub trend_words: String,
    pub tops: Vec<Tops>,
}

/// A sentence, and what is to be said about it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Statement {
    pub text: String,
    pub note: String,
}

/// The leading values of a column.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Tops {
    pub title: String,
    pub table: Table,
    pub note: String,
}

impl Column {
    /// A column of texts as wide as its share of what is left.
    pub fn text(title: impl Into<String>, wide: f64) -> Column {
        Column { title: title.into(), wide: Some(wide), ..Column::default() }
    }

    /// A column of shares with bars.
    pub fn share(title: impl Into<String>) -> Column {
        Column { bars: true, ..Column::number(title) }
    }

    pub fn number(title: impl Into<String>) -> Column {
        Column { title: title.into(), right: true, ..Column::default() }
    }
}

impl Cell {
    pub fn text(text: impl Into<String>) -> Cell {
        Cell { text: text.into(), ..Cell::default() }
    }

    pub fn muted(text: impl Into<String>) -> Cell {
        Cell { muted: true, ..Cell::text(text) }
    }

    /// A share of 0–1 in words and as a bar.
    pub fn share(text: impl Into<String>, share: f64, color: &str) -> Cell {
        let bar = share.is_finite().then(|| share.clamp(0.0, 1.0));
        Cell { bar, color: Some(color.into()), ..Cell::text(text) }
    }
}

impl Block {
    pub fn heading(text: impl Into<String>) -> Block {
        Block::Heading { text: text.into() }
    }

    pub fn text(text: impl Into<String>) -> Block {
        Block::Text { text: text.into() }
    }

    pub fn note(text: impl Into<String>) -> Block {
        Block::Note { text: text.into() }
    }
}

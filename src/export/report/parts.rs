//! The parts behind the segments' pages: segments by scores, movements, data quality.

use super::charts::{self, WIDE};
use super::data::{Block, Cell, Column, File, Part, Table};
use super::make::{lower, median_title, shares_height, shares_note};
use super::text;
use crate::chart::Ink;
use crate::ctx::Ctx;
use crate::error::Result;
use crate::exact::ExactSum;
use crate::format;
use crate::intake::quality;
use crate::pipeline::Findings;
use crate::profile::{Grouping, Profile};
use crate::rfm::{FREQUENCY, MONETARY, Movement, RECENCY, up_or_down};

/// Lines in a list of what is suspicious; a table of hundreds of columns may have hundreds.
const MOST_ITEMS: usize = 40;

/// The segments that the scores lead to; `None` without scores.
pub(super) fn by_scores(findings: &Findings, files: &mut Vec<File>) -> Option<Part> {
    let (profiles, portraits) = findings.portraits.of(Grouping::Rfm, &findings.profiles);
    if profiles.is_empty() {
        return None;
    }
    let (rfm, currency) = (&findings.rfm, text::currency(findings));
    let money = rfm.has_money();
    let features = &rfm.customers.features;
    let medians: Vec<usize> = [RECENCY, FREQUENCY, MONETARY]
        .iter()
        .filter_map(|name| features.iter().position(|f| f.name == *name))
        .collect();
    let mut columns = vec![Column::text("Segment", 1.0), Column::number("Customers"), Column::number("Share")];
    if money {
        columns.extend([Column::number("Revenue"), Column::number("Share")]);
    }
    columns.extend(medians.iter().map(|&i| Column::number(median_title(&features[i].label, features[i].unit))));
    let rows = profiles.iter().map(|p| {
        let mut row = vec![
            Cell::text(text::line(&p.name)),
            Cell::text(format::count(p.customers)),
            Cell::text(text::percent(p.share_of_customers)),
        ];
        if money {
            row.push(Cell::text(format::money(p.revenue, currency)));
            row.push(Cell::text(text::percent(p.share_of_revenue)));
        }
        row.extend(medians.iter().map(|&i| Cell::text(text::value(p.features[i].median, features[i].unit, currency))));
        row
    });
    let mut blocks = vec![Block::text(format!(
        "Beside the segments above, which were found in the data, each customer has scores, and these lead to one of {} \
         on the map “{}”: a fixed rule, the same every month.",
        format::plural(rfm.map.segments.len(), "segment", "segments"),
        text::line(&rfm.map.title)
    ))];
    let inks = vec![Ink::Accent; profiles.len()];
    let mut chart = charts::shares(profiles, &inks, money);
    chart.title = "Customers and revenue by segment of the map".into();
    chart.note = shares_note(money);
    let alt = format!("{} {}", chart.title, chart.note);
    if profiles.len() > 1 {
        let size = [WIDE, shares_height(profiles.len())];
        blocks.push(Block::Picture { picture: charts::picture(&chart, "map", size, alt, files) });
    }
    blocks.push(Block::Table { table: Table { columns, rows: rows.collect() } });
    let words: Vec<String> = medians.iter().map(|&i| lower(&features[i].label)).collect();
    blocks.push(Block::note(format!("Medians of {}.", words.join(", "))));
    if profiles.iter().any(|p| !p.action.is_empty() || !p.description.is_empty()) {
        blocks.push(Block::heading("Who they are, and what to do"));
        let meaning = |(i, p): (usize, &Profile)| {
            let stake = portraits.get(i).and_then(|portrait| portrait.stake.as_ref());
            let mut to_do = text::line(&p.action);
            if let Some(stake) = stake {
                to_do = format!("{to_do} At stake: {}", text::line(&stake.words)).trim().to_string();
            }
            vec![Cell::text(text::line(&p.name)), Cell::text(text::line(&p.description)), Cell::text(to_do)]
        };
        let columns = vec![Column::text("Segment", 0.7), Column::text("Who", 1.2), Column::text("What to do", 1.5)];
        let rows = profiles.iter().enumerate().map(meaning).collect();
        blocks.push(Block::Table { table: Table { columns, rows } });
    }
    Some(Part { anchor: "by-scores".into(), title: "Segments by scores".into(), page: true, blocks })
}

/// Who moved between two dates; `None` where no other date was asked for.
pub(super) fn movements(findings: &Findings) -> Option<Part> {
    let migration = findings.migration.as_ref().as_ref()?;
    let currency = text::currency(findings);
    let lists = up_or_down(migration);
    let label = |movement: Movement| match movement {
        Movement::Up => "Moved to a better segment",
        Movement::Slipping => "Moved to a worse segment",
        Movement::Level => "Stayed, or moved to one as good",
        Movement::New => "New",
        Movement::Gone => "Gone",
    };
    let rows = Movement::ALL.into_iter().filter(|m| !lists.of(*m).is_empty()).map(|movement| {
        let list = lists.of(movement);
        let revenue: ExactSum = list.iter().map(|&i| migration.customers[i as usize].revenue()).collect();
        let revenue = if findings.rfm.has_money() { format::money(revenue.value(), currency) } else { "–".into() };
        vec![Cell::text(label(movement)), Cell::text(format::count(list.len())), Cell::text(revenue)]
    });
    let columns = vec![Column::text("Movement", 1.0), Column::number("Customers"), Column::number("Their revenue")];
    let table = Table { columns, rows: rows.collect() };
    if table.rows.is_empty() {
        return None;
    }
    let mut blocks = vec![
        Block::text(format!(
            "The same rules on {} and on {}, segment by segment of the map.",
            text::date(migration.from),
            text::date(migration.to)
        )),
        Block::Table { table },
    ];
    blocks.extend(migration.notes.iter().map(|note| Block::note(text::line(note))));
    Some(Part { anchor: "movements".into(), title: "Who moved between two dates".into(), page: false, blocks })
}

/// What is suspicious about the data, and what the program warned of.
pub(super) fn quality(findings: &Findings, ctx: &Ctx) -> Result<Option<Part>> {
    let mut items = quality::report(&findings.intake.table, &findings.roles, ctx)?;
    // What concerns most rows comes first; the sort keeps the table's order among equals.
    items.sort_by_key(|item| std::cmp::Reverse(item.rows));
    let warnings: Vec<String> = findings.warnings().iter().map(|w| text::sentence(w)).collect();
    let mut blocks = Vec::new();
    if items.is_empty() && warnings.is_empty() {
        blocks.push(Block::text("Nothing suspicious was found in the file, and the program had no warning."));
    }
    if !items.is_empty() {
        blocks.push(Block::text(
            "What looks odd in the file as it was read. Not all of it is wrong, and what cannot be used was left out as \
             described under Method.",
        ));
        let columns = vec![Column::text("Column", 0.6), Column::text("What was found", 2.0), Column::number("Rows")];
        let rows = items.iter().take(MOST_ITEMS).map(|item| {
            let column =
                item.column.as_deref().map_or_else(|| Cell::muted("all columns"), |c| Cell::text(text::line(c)));
            vec![column, Cell::text(text::line(&item.text)), Cell::text(format::count(item.rows))]
        });
        blocks.push(Block::Table { table: Table { columns, rows: rows.collect() } });
        if items.len() > MOST_ITEMS {
            let left = items.len() - MOST_ITEMS;
            blocks.push(Block::note(format!(
                "{} that concern fewer rows.",
                format::plural(left, "further finding", "further findings")
            )));
        }
    }
    if !warnings.is_empty() {
        blocks.push(Block::heading("Warnings"));
        let left = warnings.len().saturating_sub(MOST_ITEMS);
        blocks.push(Block::List { items: warnings.into_iter().take(MOST_ITEMS).collect() });
        if left > 0 {
            blocks.push(Block::note(format!("{}.", format::plural(left, "further warning", "further warnings"))));
        }
    }
    Ok(Some(Part { anchor: "quality".into(), title: "Data quality".into(), page: false, blocks }))
}

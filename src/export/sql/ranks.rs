//! The rank transform: a table of values and the shares of customers below them, looked up in two steps.

use super::dialect::Sql;
use super::query::Query;
use crate::features::{FittedColumn, Ranks};
use crate::recipe::Dialect;

/// Stretches per block. A value's block is found by comparing with the blocks' first values, its stretch by a join within
/// the block, so that a warehouse can join by equal blocks and compares each value with few others.
const BLOCK: usize = 64;

/// The part of the query that has the table of a column, and the columns that are joined by.
pub(super) fn table_name(column: &FittedColumn) -> String {
    format!("ranks_of_{}", column.name)
}

/// Adds the tables of the columns that are ranked, and a part `placed` that has each value within its table and its block.
pub(super) fn add(query: &mut Query, columns: &[FittedColumn]) {
    let sql = query.sql;
    let from = query.last();
    let ranked = || columns.iter().filter_map(|c| Some((c, c.ranks.as_ref().filter(|r| !r.values.is_empty())?)));
    for (column, ranks) in ranked() {
        let what = format!(
            "Shares of the customers of the analysis below values of {}; between two values they lie on the straight line.",
            column.name
        );
        query.push(&table_name(column), &what, values(sql, ranks));
    }
    let list: Vec<String> = columns
        .iter()
        .map(|column| match column.ranks.as_ref().filter(|r| !r.values.is_empty()) {
            Some(ranks) => {
                let name = &column.name;
                let (first, last) = (ranks.values[0], ranks.values[ranks.values.len() - 1]);
                let within = format!("GREATEST(LEAST({name}, {}), {})", sql.number(last), sql.number(first));
                format!("{} AS {name},\n    {} AS block_of_{name}", sql.as_double(&within), block(sql, name, ranks))
            }
            None => column.name.clone(),
        })
        .collect();
    let body = format!("SELECT\n    customer_id,\n    rfm_segment,\n    {}\n  FROM {from}", list.join(",\n    "));
    query.push(
        "placed",
        "Values between the least and the largest of the analysis, and the blocks of their tables.",
        body,
    );
}

/// What `placed` is joined with.
pub(super) fn joins(columns: &[FittedColumn]) -> String {
    let ranked = columns.iter().filter(|c| c.ranks.as_ref().is_some_and(|r| !r.values.is_empty()));
    let one = |column: &FittedColumn| {
        let (table, name) = (table_name(column), &column.name);
        format!(
            "\n  JOIN {table} ON {table}.block = placed.block_of_{name} AND placed.{name} >= {table}.low AND (placed.{name} < {table}.high OR {table}.is_last)"
        )
    };
    ranked.map(one).collect()
}

/// The share of a value of `placed`.
pub(super) fn share(column: &FittedColumn) -> String {
    let (t, name) = (table_name(column), &column.name);
    format!("({t}.share + (placed.{name} - {t}.low) / ({t}.high - {t}.low) * {t}.rise)")
}

/// The stretches between neighbouring values: a single one stands for itself.
fn stretches(ranks: &Ranks) -> Vec<[f64; 4]> {
    let (xs, ys) = (&ranks.values, &ranks.shares);
    if xs.len() == 1 {
        return vec![[xs[0], xs[0] + 1.0, ys[0], 0.0]];
    }
    (1..xs.len()).map(|i| [xs[i - 1], xs[i], ys[i - 1], ys[i] - ys[i - 1]]).collect()
}

fn block(sql: Sql, name: &str, ranks: &Ranks) -> String {
    let stretches = stretches(ranks);
    let starts = stretches.iter().step_by(BLOCK).skip(1);
    let when: String =
        starts.enumerate().map(|(i, s)| format!("\n      WHEN {name} < {} THEN {i}", sql.number(s[0]))).collect();
    let last = (stretches.len() - 1) / BLOCK;
    if when.is_empty() { "0".into() } else { format!("CASE{when}\n      ELSE {last} END") }
}

/// The table as rows of constants: block, low, high, share, rise, is_last.
fn values(sql: Sql, ranks: &Ranks) -> String {
    let stretches = stretches(ranks);
    let last = stretches.len() - 1;
    let row = |(i, s): (usize, &[f64; 4])| {
        let numbers = s.map(|v| sql.number(v)).join(", ");
        format!("({}, {numbers}, {})", i / BLOCK, if i == last { "TRUE" } else { "FALSE" })
    };
    let rows: Vec<String> = stretches.iter().enumerate().map(row).collect();
    let rows = rows.join(",\n      ");
    let double = |name: &str| format!("{} AS {name}", sql.as_double(name));
    let columns = ["low", "high", "share", "rise"].map(double).join(", ");
    let names = "block, low, high, share, rise, is_last";
    let from = match sql.0 {
        Dialect::BigQuery => format!(
            "UNNEST([STRUCT<block INT64, low FLOAT64, high FLOAT64, share FLOAT64, rise FLOAT64, is_last BOOL>\n      {rows}\n    ]) AS stretches"
        ),
        Dialect::Spark => format!("VALUES\n      {rows}\n    AS stretches({names})"),
        Dialect::DuckDb | Dialect::Postgres => format!("(VALUES\n      {rows}\n    ) AS stretches({names})"),
    };
    format!("SELECT block, {columns}, is_last\n  FROM {from}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stretches_follow_each_other() {
        let ranks = Ranks { values: vec![1.0, 3.0, 10.0], shares: vec![0.125, 0.5, 0.875] };
        assert_eq!(stretches(&ranks), [[1.0, 3.0, 0.125, 0.375], [3.0, 10.0, 0.5, 0.375]]);
        let one = Ranks { values: vec![7.0], shares: vec![0.5] };
        assert_eq!(stretches(&one), [[7.0, 8.0, 0.5, 0.0]]);
        assert_eq!(block(Sql(Dialect::Spark), "x", &ranks), "0");
        let values: Vec<f64> = (0..130).map(f64::from).collect();
        let many = Ranks { shares: values.iter().map(|v| v / 130.0).collect(), values };
        assert_eq!(
            block(Sql(Dialect::Spark), "x", &many),
            "CASE\n      WHEN x < 64 THEN 0\n      WHEN x < 128 THEN 1\n      ELSE 2 END"
        );
    }
}

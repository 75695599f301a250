//! Which row is which customer.

use crate::clean::{NOBODY, customer_ids};
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::intake::{Column, RolesOut, Table};

/// The customers of a table with one row each.
pub(super) struct People<'a> {
    /// In natural order; numbers of rows, from 1, where no column says who the customer is.
    pub ids: Vec<String>,
    /// The row of each, the first one of its id.
    pub rows: Vec<usize>,
    /// Rows without an id.
    pub nameless: usize,
    ids_in: Option<(&'a Column, Vec<u32>)>,
}

impl<'a> People<'a> {
    /// # Errors
    /// The table has no row, or the column of ids no value.
    pub fn of(table: &'a Table, roles: &RolesOut, ctx: &Ctx) -> Result<Self> {
        if table.rows == 0 {
            return Err(Error::data("the table has no rows; choose another file, sheet or header row"));
        }
        let Some(column) = roles.shape.id.as_deref().and_then(|name| table.column(name)) else {
            let ids = (1..=table.rows).map(|n| n.to_string()).collect();
            return Ok(People { ids, rows: (0..table.rows).collect(), nameless: 0, ids_in: None });
        };
        let (ids, of_code) = customer_ids(column, ctx)?;
        if ids.is_empty() {
            return Err(Error::data(format!(
                "the column of customer ids, {:?}, has no value; choose another one, or \"\" for none",
                column.name
            )));
        }
        let mut rows = vec![usize::MAX; ids.len()];
        let mut nameless = 0;
        for (row, &code) in column.codes.iter().enumerate() {
            if row.is_multiple_of(1 << 16) {
                ctx.tick(row, table.rows)?;
            }
            match of_code[code as usize] {
                NOBODY => nameless += 1,
                who if rows[who as usize] == usize::MAX => rows[who as usize] = row,
                _ => {}
            }
        }
        // A text of the dictionary may have no row left after cleaning.
        let (ids, rows) = ids.into_iter().zip(rows).filter(|(_, row)| *row != usize::MAX).unzip();
        Ok(People { ids, rows, nameless, ids_in: Some((column, of_code)) })
    }

    /// Whether the row says who the customer is.
    pub fn has_id(&self, row: usize) -> bool {
        self.ids_in.as_ref().is_none_or(|(column, of_code)| of_code[column.codes[row] as usize] != NOBODY)
    }

    /// Leaves out the customers at the places where `keep` is false.
    pub fn keep(&mut self, keep: &[bool]) {
        let mut at = keep.iter();
        self.ids.retain(|_| at.next().copied().unwrap_or(false));
        let mut at = keep.iter();
        self.rows.retain(|_| at.next().copied().unwrap_or(false));
    }

    /// A column's number for each customer; NaN where there is none.
    pub fn numbers(&self, column: &Column) -> Vec<f64> {
        let numbers = column.numbers();
        self.rows.iter().map(|&row| numbers[column.codes[row] as usize]).collect()
    }
}

//! Purchases and returns: what a row says, which rows count, and what happens to returns.

use super::cells::{Dates, Numbers};
use super::dialect::Sql;
use super::query::Query;
use super::steps::is_missing;
use crate::clean;
use crate::intake::{Column, Role};
use crate::pipeline::Findings;
use crate::recipe::{Dialect, Returns};
use crate::rfm::RfmOut;

/// The columns with a role, by name.
pub(super) struct Columns<'a> {
    customer: &'a Column,
    date: &'a Column,
    invoice: Option<&'a Column>,
    product: Option<&'a Column>,
    amount: Option<&'a Column>,
    quantity: Option<&'a Column>,
    price: Option<&'a Column>,
}

/// Digits behind the point that quantities and prices may have for their product to be computed exactly.
const MOST_DECIMALS: (usize, usize) = (4, 6);
/// Those that exact sums of money keep at most.
const SUM_DECIMALS: usize = 9;
/// No sale is larger.
const LARGEST: &str = "1000000000000000000";

impl<'a> Columns<'a> {
    /// # Errors
    /// A role without which nothing can be counted has no column.
    pub fn of(findings: &'a Findings) -> Result<Columns<'a>, String> {
        let table = &findings.prepared.table;
        let column = |role| findings.roles.column(role).and_then(|name| table.column(name));
        let needed =
            |role: Role| column(role).ok_or_else(|| format!("there is no column of {}", role.label().to_lowercase()));
        Ok(Columns {
            customer: needed(Role::CustomerId)?,
            date: needed(Role::Date)?,
            invoice: column(Role::Invoice),
            product: column(Role::Product).filter(|_| findings.recipe.clean.returns == Returns::Match),
            amount: column(Role::Amount),
            quantity: column(Role::Quantity),
            price: column(Role::UnitPrice),
        })
    }

    pub fn names(&self) -> Vec<&'a str> {
        let optional = [self.invoice, self.product, self.amount, self.quantity, self.price];
        let all = [Some(self.customer), Some(self.date)].into_iter().chain(optional).flatten();
        let mut names: Vec<&str> = all.map(|c| c.name.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    /// What the columns of the warehouse may be, as sentences.
    pub fn assumptions(&self, findings: &Findings) -> Vec<String> {
        let mut out = vec![format!(
            "{:?} is the customer: text or a whole number{}.",
            self.customer.name,
            if self.strips_zeros(findings) {
                "; 17850.0 is the customer 17850, as in the file"
            } else {
                ", written as in the file (a floating-point column would turn 17850 into 17850.0)"
            }
        )];
        let date = match self.dates(findings) {
            Ok(Dates::Typed) => {
                "has to be a column of dates or timestamps: as text it is written in ways that SQL does not read alike, and the query stops at them"
            }
            _ => "is a date, a timestamp, or text as in the file",
        };
        out.push(format!("{:?} {date}; time zones are not applied.", self.date.name));
        for column in [self.amount, self.quantity, self.price].into_iter().flatten() {
            let number = match Numbers::of(column).plain {
                true => "is a number, or text as in the file",
                false => {
                    "has to be a column of numbers: as text it carries signs or commas, and the query stops at them"
                }
            };
            out.push(format!("{:?} {number}.", column.name));
        }
        out
    }

    pub fn has_invoice(&self) -> bool {
        self.invoice.is_some()
    }

    fn dates(&self, findings: &Findings) -> Result<Dates, String> {
        let style = clean::date_style(self.date, &findings.roles).map_err(|e| e.to_string())?;
        Ok(Dates::of(self.date, &style))
    }

    fn strips_zeros(&self, findings: &Findings) -> bool {
        let ids = &findings.clean.transactions.customers;
        self.customer.has_float_ids() || ids.iter().all(|id| id.bytes().all(|b| b.is_ascii_digit()))
    }
}

/// Adds the parts from texts to the rows that count: `customer_id`, `day`, `invoice` (where there is one), `amount`,
/// `is_purchase`.
pub(super) fn add(query: &mut Query, findings: &Findings, rfm: &RfmOut, columns: &Columns) -> Result<(), String> {
    let sql = query.sql;
    let policy = findings.recipe.clean.returns;
    let snapshot = rfm.snapshot.ok_or("the table has no snapshot date")?;
    let dates = columns.dates(findings)?;

    let cell = |column: &Column| format!("TRIM({})", sql.name(&column.name));
    let customer = cell(columns.customer);
    let id = match columns.strips_zeros(findings) {
        true => format!(
            "CASE WHEN {} THEN REGEXP_REPLACE({customer}, '[.,]0+$', '')\n        ELSE {customer} END",
            sql.matches(&customer, "^[0-9]+[.,]0+$")
        ),
        false => customer.clone(),
    };
    let mut list = vec![
        format!(
            "CASE WHEN {}\n      THEN NULL\n      ELSE {id}\n    END AS customer_id",
            is_missing(sql, &sql.name(&columns.customer.name), columns.customer)
        ),
        format!("{} AS day", dates.day(sql, &cell(columns.date))),
    ];
    if let Some(invoice) = columns.invoice {
        let e = sql.name(&invoice.name);
        list.push(format!(
            "CASE WHEN {}\n      THEN NULL\n      ELSE {e}\n    END AS invoice",
            is_missing(sql, &e, invoice)
        ));
        let cancelled = match clean::marks_cancellations(invoice) {
            true => sql.matches(&format!("TRIM({e})"), "^[Cc][0-9]+$"),
            false => "FALSE".into(),
        };
        list.push(format!("{cancelled} AS is_cancelled"));
    } else {
        list.push("FALSE AS is_cancelled".into());
    }
    let money = Money::of(sql, columns);
    list.extend(money.cells.iter().map(|(name, e)| format!("{e} AS {name}")));
    if policy == Returns::Match {
        let product = columns.product.ok_or("returns cannot be matched without a column of products")?;
        columns.quantity.ok_or("returns cannot be matched without a column of quantities")?;
        list.push(format!("{} AS product", sql.name(&product.name)));
        let moment = dates.moment(sql, &cell(columns.date), &dates.day(sql, &cell(columns.date)));
        list.push(format!("{moment} AS moment"));
    }
    let body = format!("SELECT\n    {}\n  FROM {}", list.join(",\n    "), query.last());
    query.push("cells", "What each row says; NULL where a cell has no value or cannot be read.", body);

    let mut signs: Vec<String> = Vec::new();
    signs.push("is_cancelled".into());
    signs.extend(columns.quantity.map(|_| "COALESCE(quantity <= 0, FALSE)".into()));
    signs.extend(columns.price.map(|_| "COALESCE(unit_price <= 0, FALSE)".into()));
    signs.push("COALESCE(amount < 0, FALSE)".into());
    let amount = match policy {
        // Some systems mark a cancelled invoice and leave its amounts positive.
        Returns::Net => "CASE WHEN is_cancelled THEN -ABS(amount) ELSE amount END",
        Returns::Drop | Returns::Match => "amount",
    };
    let mut names = vec!["customer_id".to_string(), "day".into()];
    names.extend(columns.invoice.map(|_| "invoice".into()));
    names.push(format!("{amount} AS amount"));
    names.push(format!("{} AS is_return", signs.join(" OR ")));
    if policy == Returns::Match {
        names.extend(["product", "moment", "is_cancelled", "quantity"].map(String::from));
    }
    let priced = match money.amount {
        Some(e) => format!("(\n    SELECT *, {e} AS amount FROM {}\n  ) AS priced", query.last()),
        None => query.last(),
    };
    let body = format!(
        "SELECT\n    {}\n  FROM {priced}\n  WHERE customer_id IS NOT NULL\n    AND day BETWEEN DATE '1900-01-01' AND {}\n    AND ABS(amount) <= {LARGEST}",
        names.join(",\n    "),
        sql.day(snapshot)
    );
    let what = format!(
        "Rows with a customer, a date up to {snapshot} and an amount. A return is a cancelled invoice (a C before its number) or has a quantity, price or amount that is not positive."
    );
    query.push("usable_rows", &what, body);
    returns(query, policy, columns, findings);
    Ok(())
}

/// What the cells of money become, and the amount where it is their product.
struct Money {
    cells: Vec<(&'static str, String)>,
    amount: Option<String>,
}

impl Money {
    fn of(sql: Sql, columns: &Columns) -> Money {
        let trimmed = |column: &Column| format!("TRIM({})", sql.name(&column.name));
        let read = |column: &Column, to: &str| sql.number_of(&trimmed(column), to, !Numbers::of(column).plain);
        let decimals = |column: Option<&Column>, least: usize| column.map_or(0, |c| Numbers::of(c).decimals).max(least);
        let mut cells = Vec::new();
        let (of_quantity, of_price) = (decimals(columns.quantity, 3), decimals(columns.price, 4));
        // PostgreSQL's decimals have as many digits as it takes.
        let exact = sql.0 == Dialect::Postgres || of_quantity <= MOST_DECIMALS.0 && of_price <= MOST_DECIMALS.1;
        let type_of = |decimals: usize| if exact { sql.decimal(18, decimals) } else { sql.double().into() };
        if let Some(quantity) = columns.quantity {
            cells.push(("quantity", read(quantity, &type_of(of_quantity))));
        }
        if let Some(price) = columns.price {
            cells.push(("unit_price", read(price, &type_of(of_price))));
        }
        if let Some(amount) = columns.amount {
            let scale = decimals(Some(amount), 4).min(SUM_DECIMALS);
            cells.push(("amount", read(amount, &sql.decimal(38, scale))));
            return Money { cells, amount: None };
        }
        let product = "quantity * unit_price";
        let amount = match (exact, of_quantity + of_price > SUM_DECIMALS) {
            (true, false) => product.into(),
            (true, true) => format!("ROUND({product}, {SUM_DECIMALS})"),
            (false, _) => format!("CAST({product} AS {})", sql.decimal(38, SUM_DECIMALS)),
        };
        Money { cells, amount: Some(amount) }
    }
}

fn returns(query: &mut Query, policy: Returns, columns: &Columns, findings: &Findings) {
    let sql = query.sql;
    let mut names = vec!["customer_id", "day"];
    names.extend(columns.invoice.map(|_| "invoice"));
    names.push("amount");
    let names = names.join(", ");
    match policy {
        Returns::Net => query.push(
            "kept_rows",
            "Returns reduce what a customer spent, but are no purchases.",
            format!("SELECT {names}, NOT is_return AS is_purchase\n  FROM usable_rows"),
        ),
        Returns::Drop => query.push(
            "kept_rows",
            "Returns are left out; the purchases they cancel stay.",
            format!("SELECT {names}, TRUE AS is_purchase\n  FROM usable_rows\n  WHERE NOT is_return"),
        ),
        Returns::Match => {
            // A purchase of the same moment is no earlier one, unless the file has no times of day.
            let day_only = findings.clean.transactions.row.is_empty() || !has_times(columns, findings);
            let (of_purchase, of_return) = if day_only { (0, 1) } else { (1, 0) };
            let invoice =
                columns.invoice.map_or(String::new(), |_| format!(", {}", sql.in_bytes("COALESCE(invoice, '')")));
            query.push(
                "returns_and_purchases",
                "Which rows go back: cancelled invoices and negative quantities.",
                "SELECT *, is_cancelled OR quantity < 0 AS goes_back, ROUND(ABS(amount) * 100) AS cents\n  FROM usable_rows".into(),
            );
            query.push(
                "balances",
                "Purchases not yet returned, along time, per customer, product and number of pieces; a return that finds none to take counts below zero.",
                format!(
                    "SELECT *,\n    SUM(CASE WHEN goes_back THEN -1 ELSE 1 END) OVER (PARTITION BY customer_id, product, ABS(quantity) ORDER BY place) AS balance\n  FROM (\n    SELECT *,\n      ROW_NUMBER() OVER (PARTITION BY customer_id, product, ABS(quantity)\n        ORDER BY moment, CASE WHEN goes_back THEN {of_return} ELSE {of_purchase} END, cents{invoice}) AS place\n    FROM returns_and_purchases\n  ) AS placed"
                ),
            );
            let over = "OVER (PARTITION BY customer_id, product, ABS(quantity) ORDER BY place ROWS BETWEEN";
            query.push(
                "matched",
                "A return takes the latest earlier purchase that is left: it has one unless the balance falls to a new low below zero; a purchase is taken where the balance falls below its own later on.",
                format!(
                    "SELECT *,\n    CASE WHEN goes_back\n      THEN balance >= LEAST(0, COALESCE(MIN(balance) {over} UNBOUNDED PRECEDING AND 1 PRECEDING), 0))\n      ELSE COALESCE(MIN(balance) {over} 1 FOLLOWING AND UNBOUNDED FOLLOWING) < balance, FALSE)\n    END AS is_matched\n  FROM balances"
                ),
            );
            query.push(
                "kept_rows",
                "Matched returns go with their purchases; other returns are left out.",
                format!(
                    "SELECT {names}, TRUE AS is_purchase\n  FROM matched\n  WHERE NOT is_matched AND NOT is_return"
                ),
            );
        }
    }
}

/// Whether any date of the file has a time of day.
fn has_times(columns: &Columns, findings: &Findings) -> bool {
    use crate::intake::dates::{DAY, parse, plausible};
    let Ok(style) = clean::date_style(columns.date, &findings.roles) else { return false };
    let seconds = columns.date.dict.iter().filter_map(|t| parse(t, &style)).filter(|s| plausible(*s));
    seconds.into_iter().any(|s| s.rem_euclid(DAY) != 0)
}

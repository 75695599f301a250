//! What dialects of SQL write differently: names, texts, types, patterns, dates.

use chrono::NaiveDate;

use crate::recipe::Dialect;

/// Writes expressions in one dialect. Expressions go in and out as text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sql(pub Dialect);

/// A number as a program writes it.
pub(super) const NUMBER: &str = "^[-+]?([0-9]+([.][0-9]*)?|[.][0-9]+)([eE][-+]?[0-9]+)?$";

impl Sql {
    /// A column's name, quoted.
    pub fn name(self, name: &str) -> String {
        match self.0 {
            Dialect::DuckDb | Dialect::Postgres => format!("\"{}\"", name.replace('"', "\"\"")),
            Dialect::Spark => format!("`{}`", name.replace('`', "``")),
            Dialect::BigQuery => format!("`{}`", name.replace('\\', "\\\\").replace('`', "\\`")),
        }
    }

    /// A text, quoted.
    pub fn text(self, text: &str) -> String {
        match self.0 {
            Dialect::DuckDb | Dialect::Postgres => format!("'{}'", text.replace('\'', "''")),
            Dialect::Spark | Dialect::BigQuery => {
                format!(
                    "'{}'",
                    text.replace('\\', "\\\\").replace('\'', "\\'").replace('\n', "\\n").replace('\r', "\\r")
                )
            }
        }
    }

    /// Several texts, for `IN (…)`.
    pub fn texts<'a>(self, texts: impl IntoIterator<Item = &'a str>) -> String {
        texts.into_iter().map(|t| self.text(t)).collect::<Vec<_>>().join(", ")
    }

    /// A floating-point number with every digit that tells it from its neighbours.
    pub fn number(self, value: f64) -> String {
        let plain = (1e-6..1e15).contains(&value.abs()) || value == 0.0;
        let digits = if plain { format!("{}", value + 0.0) } else { format!("{value:e}") };
        match self.0 {
            // Without an exponent DuckDB reads an exact decimal, and what that is multiplied with may not fit.
            Dialect::DuckDb if plain => format!("{digits}e0"),
            _ => digits,
        }
    }

    /// The floating-point type.
    pub fn double(self) -> &'static str {
        match self.0 {
            Dialect::DuckDb | Dialect::Spark => "DOUBLE",
            Dialect::Postgres => "DOUBLE PRECISION",
            Dialect::BigQuery => "FLOAT64",
        }
    }

    pub fn as_double(self, e: &str) -> String {
        format!("CAST({e} AS {})", self.double())
    }

    fn text_type(self) -> &'static str {
        match self.0 {
            Dialect::DuckDb => "VARCHAR",
            Dialect::Postgres => "TEXT",
            Dialect::Spark | Dialect::BigQuery => "STRING",
        }
    }

    pub fn as_text(self, e: &str) -> String {
        format!("CAST({e} AS {})", self.text_type())
    }

    /// The type of exact decimals with so many digits, of which `scale` behind the point.
    pub fn decimal(self, digits: usize, scale: usize) -> String {
        match self.0 {
            Dialect::DuckDb | Dialect::Spark => format!("DECIMAL({digits}, {scale})"),
            Dialect::Postgres => "NUMERIC".into(),
            Dialect::BigQuery if scale <= 9 => "NUMERIC".into(),
            Dialect::BigQuery => "BIGNUMERIC".into(),
        }
    }

    /// Whether a text fits a pattern. Patterns have no backslash and no quote, so that every dialect reads them alike.
    pub fn matches(self, e: &str, pattern: &str) -> String {
        match self.0 {
            Dialect::DuckDb => format!("REGEXP_MATCHES({e}, '{pattern}')"),
            Dialect::Postgres => format!("{e} ~ '{pattern}'"),
            Dialect::Spark => format!("{e} RLIKE '{pattern}'"),
            Dialect::BigQuery => format!("REGEXP_CONTAINS({e}, r'{pattern}')"),
        }
    }

    /// Whether a text has another text in it.
    pub fn contains(self, e: &str, part: &str) -> String {
        let part = self.text(part);
        match self.0 {
            Dialect::DuckDb | Dialect::BigQuery => format!("STRPOS({e}, {part}) > 0"),
            Dialect::Postgres => format!("POSITION({part} IN {e}) > 0"),
            Dialect::Spark => format!("LOCATE({part}, {e}) > 0"),
        }
    }

    /// The `n`th part (from 1) of a text that a sign divides.
    pub fn part(self, e: &str, sign: &str, n: usize) -> String {
        match self.0 {
            Dialect::BigQuery => format!("COALESCE(SPLIT({e}, '{sign}')[SAFE_OFFSET({})], '')", n - 1),
            _ => format!("SPLIT_PART({e}, '{sign}', {n})"),
        }
    }

    /// A cast that gives NULL for what cannot be read; not for PostgreSQL, which has none.
    fn try_cast(self, e: &str, to: &str) -> String {
        match self.0 {
            Dialect::DuckDb | Dialect::Spark => format!("TRY_CAST({e} AS {to})"),
            Dialect::Postgres => format!("CAST({e} AS {to})"),
            Dialect::BigQuery => format!("SAFE_CAST({e} AS {to})"),
        }
    }

    /// The number that a text is, as `to`. What is none is NULL, or stops the query where that is `loud`.
    pub fn number_of(self, e: &str, to: &str, loud: bool) -> String {
        let fits = self.matches(e, NUMBER);
        match (self.0, loud) {
            (_, true) => format!(
                "CASE WHEN {fits} THEN CAST({e} AS {to}) WHEN {e} <> '' THEN CAST(CONCAT('not a number: ', {e}) AS {to}) END"
            ),
            _ => format!("CASE WHEN {fits} THEN {} END", self.try_cast(e, to)),
        }
    }

    /// The date that a text of the form 2011-12-31 is; NULL where there is no such day.
    pub fn date_of(self, e: &str) -> String {
        match self.0 {
            // There is no cast that gives NULL, so the days of the month are counted first.
            Dialect::Postgres => format!(
                "CASE WHEN SUBSTR({e}, 6, 2) BETWEEN '01' AND '12' THEN CASE WHEN SUBSTR({e}, 9, 2) BETWEEN '01' AND TO_CHAR(CAST(CONCAT(SUBSTR({e}, 1, 8), '01') AS DATE) + INTERVAL '1 month' - INTERVAL '1 day', 'DD') THEN CAST({e} AS DATE) END END"
            ),
            _ => self.try_cast(e, "DATE"),
        }
    }

    /// The moment of a date and a text of the form 08:26:00; NULL where there is no such time.
    pub fn moment_of(self, day: &str, time: &str) -> String {
        let e = format!("CONCAT({}, ' ', {time})", self.as_text(day));
        match self.0 {
            Dialect::Postgres => format!(
                "CASE WHEN {day} IS NOT NULL AND {} THEN CAST({e} AS TIMESTAMP) END",
                self.matches(time, "^([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]$")
            ),
            Dialect::BigQuery => self.try_cast(&e, "DATETIME"),
            _ => self.try_cast(&e, "TIMESTAMP"),
        }
    }

    /// A moment that is known.
    pub fn moment(self, seconds: i64) -> String {
        let kind = if self.0 == Dialect::BigQuery { "DATETIME" } else { "TIMESTAMP" };
        format!("{kind} '{}'", crate::intake::dates::iso(seconds, true))
    }

    /// A day that is known.
    pub fn day(self, day: NaiveDate) -> String {
        format!("DATE '{day}'")
    }

    /// Whole days from one date to another.
    pub fn days(self, from: &str, to: &str) -> String {
        match self.0 {
            Dialect::DuckDb => format!("DATE_DIFF('day', {from}, {to})"),
            Dialect::Postgres => format!("({to} - {from})"),
            Dialect::Spark => format!("DATEDIFF({to}, {from})"),
            Dialect::BigQuery => format!("DATE_DIFF({to}, {from}, DAY)"),
        }
    }

    /// A text whose order is that of its bytes.
    pub fn in_bytes(self, e: &str) -> String {
        if self.0 == Dialect::Postgres { format!("{e} COLLATE \"C\"") } else { e.into() }
    }

    /// What stands before the body of a common table expression that many others use more than once: PostgreSQL would
    /// work it out anew for each of them.
    pub fn once(self) -> &'static str {
        if self.0 == Dialect::Postgres { "MATERIALIZED " } else { "" }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_texts_are_quoted_as_each_dialect_does() {
        let all = |f: &dyn Fn(Sql) -> String| Dialect::ALL.map(|d| f(Sql(d)));
        assert_eq!(
            all(&|s| s.name("a \"b\" `c`")),
            ["\"a \"\"b\"\" `c`\"", "\"a \"\"b\"\" `c`\"", "`a \"b\" ``c```", "`a \"b\" \\`c\\``"]
        );
        assert_eq!(
            all(&|s| s.text("Can't \\ lose")),
            ["'Can''t \\ lose'", "'Can''t \\ lose'", "'Can\\'t \\\\ lose'", "'Can\\'t \\\\ lose'"]
        );
    }

    #[test]
    fn numbers_come_back_as_they_were() {
        for value in [0.0, -0.0, 0.1, 293.3625, 1.0 / 3.0, 1e-7, -2.5e300, 123_456_789.123_456_78, 5e-324, 1e15] {
            for dialect in Dialect::ALL {
                let text = Sql(dialect).number(value);
                assert_eq!(text.parse::<f64>().unwrap(), value, "{text}");
            }
        }
        assert_eq!(Sql(Dialect::DuckDb).number(2.5), "2.5e0");
        assert_eq!(Sql(Dialect::Spark).number(2.5), "2.5");
    }

    #[test]
    fn the_pattern_of_numbers_takes_what_is_plain() {
        let pattern = regex::Regex::new(NUMBER).unwrap();
        for text in ["6", "-2.55", "+3", ".5", "5.", "1e3", "1.5E-3"] {
            assert!(pattern.is_match(text) && text.parse::<f64>().is_ok(), "{text}");
        }
        for text in ["", "-", "1,5", "£5", "1e", "1.2.3", "nan"] {
            assert!(!pattern.is_match(text), "{text}");
        }
    }
}

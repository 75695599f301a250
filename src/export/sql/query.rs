//! A query as a list of named parts, each built on the one before.

use super::dialect::Sql;

/// The parts so far.
pub(super) struct Query {
    pub sql: Sql,
    /// Name, what it is, and its text.
    parts: Vec<(String, String, String)>,
}

impl Query {
    pub fn new(sql: Sql) -> Query {
        Query { sql, parts: Vec::new() }
    }

    /// The name of the newest part.
    pub fn last(&self) -> String {
        self.parts.last().map_or_else(|| "transactions".into(), |(name, ..)| name.clone())
    }

    /// Adds a part; `what` is a comment of one line.
    pub fn push(&mut self, name: &str, what: &str, body: String) {
        self.parts.push((name.into(), one_line(what), body));
    }

    /// Adds a part that others use many times.
    pub fn push_once(&mut self, name: &str, what: &str, body: String) {
        let once = self.sql.once();
        self.push(name, what, body);
        if let (false, Some((_, _, body))) = (once.is_empty(), self.parts.last_mut()) {
            // The mark stands before the parenthesis, which `text` writes.
            body.insert_str(0, ONCE);
        }
    }

    /// `WITH …` and all parts.
    pub fn text(&self) -> String {
        let part = |(name, what, body): &(String, String, String)| {
            let (once, body) = match body.strip_prefix(ONCE) {
                Some(body) => (self.sql.once(), body),
                None => ("", body.as_str()),
            };
            format!("-- {what}\n{name} AS {once}(\n  {body}\n)")
        };
        format!("WITH\n{}", self.parts.iter().map(part).collect::<Vec<_>>().join(",\n\n"))
    }
}

/// Stands before the body of parts that are worked out once; no SQL begins so.
const ONCE: &str = "\u{1}";

/// A text that cannot leave its comment.
pub(super) fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') { ' ' } else { c }).collect()
}

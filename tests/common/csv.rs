//! Separated values, by a reader of the tests' own.

/// The records of a text, whose values are separated by `separator` and whose records all end with `end`. What stands
/// in quotes may hold either, and a quote where there are two (RFC 4180).
pub fn records(text: &str, separator: char, end: &str) -> Vec<Vec<String>> {
    let (mut records, mut record, mut field, mut quoted) = (Vec::new(), Vec::new(), String::new(), false);
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let mut taken = c.len_utf8();
        if quoted && rest.starts_with("\"\"") {
            field.push('"');
            taken = 2;
        } else if c == '"' {
            quoted = !quoted;
        } else if !quoted && rest.starts_with(end) {
            record.push(std::mem::take(&mut field));
            records.push(std::mem::take(&mut record));
            taken = end.len();
        } else if !quoted && c == separator {
            record.push(std::mem::take(&mut field));
        } else {
            field.push(c);
        }
        rest = &rest[taken..];
    }
    assert!(!quoted && record.is_empty() && field.is_empty(), "the text ends with the end of a record");
    records
}

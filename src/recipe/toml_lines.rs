//! Lines of TOML, so that comments can be put between them.

/// The lines of a TOML text without comments, each with whether it begins within a text of several lines, where nothing
/// may be put before it.
pub(super) fn lines(text: &str) -> impl Iterator<Item = (&str, bool)> {
    let mut open: Option<&'static str> = None;
    text.split('\n').map(move |line| {
        let within = open.is_some();
        let mut rest = line;
        while !rest.is_empty() {
            rest = match open {
                None => match ["\"\"\"", "'''", "\"", "'"].into_iter().find(|quote| rest.starts_with(quote)) {
                    Some(quote) => {
                        open = Some(quote);
                        &rest[quote.len()..]
                    }
                    None => after_first(rest),
                },
                Some(quote) if rest.starts_with(quote) => {
                    open = None;
                    // Up to two quotes right before the end belong to the text.
                    if quote.len() == 3 { rest.trim_start_matches(&quote[..1]) } else { &rest[1..] }
                }
                Some(quote) if quote.starts_with('"') && rest.starts_with('\\') => after_first(after_first(rest)),
                Some(_) => after_first(rest),
            };
        }
        (line, within)
    })
}

fn after_first(text: &str) -> &str {
    let mut chars = text.chars();
    chars.next();
    chars.as_str()
}

#[cfg(test)]
mod tests {
    use super::lines;

    #[test]
    fn lines_within_texts_are_told_from_others() {
        let text =
            "a = \"x\\\"\"\nb = \"\"\"\n[c]\nd = '\\\"\\\"\\\" \n\"\"\"\"\"\ne = '''\n\"\n'''\nf = \"\"\ng = ''\nh = 1";
        let within: Vec<&str> = lines(text).filter(|(_, within)| *within).map(|(line, _)| line).collect();
        assert_eq!(within, ["[c]", "d = '\\\"\\\"\\\" ", "\"\"\"\"\"", "\"", "'''"]);
    }
}

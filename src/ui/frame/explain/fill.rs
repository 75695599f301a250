//! Help texts with this data's numbers in their sentences.

/// A text with its placeholders filled.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filled {
    /// As Markdown.
    pub text: String,
    /// Names of the numbers that are in it, as often as they are.
    pub known: Vec<String>,
    /// Names of numbers that are not known, so that what they stand in was left out.
    pub missing: Vec<String>,
}

/// Puts numbers where `{names}` stand. A sentence block or list item with a number that is not known is left out, and so is
/// a heading under which nothing is left.
pub fn fill(source: &str, number: &dyn Fn(&str) -> Option<String>) -> Filled {
    let mut out = Filled::default();
    let mut heading: Option<&str> = None;
    for paragraph in source.split("\n\n") {
        let mut kept = Vec::new();
        for piece in pieces(paragraph.trim()) {
            if piece.starts_with('#') {
                heading = Some(piece);
                continue;
            }
            if let Some(filled) = fill_piece(piece, number, &mut out) {
                kept.push(filled);
            }
        }
        if !kept.is_empty() {
            if let Some(heading) = heading.take() {
                out.text.push_str(heading);
                out.text.push('\n');
            }
            out.text.push_str(&kept.join("\n"));
            out.text.push_str("\n\n");
        }
    }
    out
}

/// Headings, list items with the lines that belong to them, and runs of other lines.
fn pieces(paragraph: &str) -> Vec<&str> {
    let mut starts = Vec::new();
    let mut at = 0;
    let mut after_heading = true;
    for line in paragraph.split_inclusive('\n') {
        let heading = line.starts_with('#');
        if heading || after_heading || line.trim_start().starts_with("- ") {
            starts.push(at);
        }
        after_heading = heading;
        at += line.len();
    }
    let ends = starts.iter().copied().skip(1).chain([paragraph.len()]);
    starts.iter().zip(ends).map(|(&from, to)| paragraph[from..to].trim_end()).filter(|p| !p.is_empty()).collect()
}

fn fill_piece(piece: &str, number: &dyn Fn(&str) -> Option<String>, out: &mut Filled) -> Option<String> {
    let mut rest = piece;
    let (mut filled, mut known, mut missing) = (String::new(), Vec::new(), false);
    while let Some((before, after)) = rest.split_once('{') {
        let Some((name, after)) = after.split_once('}') else { break };
        filled.push_str(before);
        match number(name) {
            Some(value) => {
                filled.push_str(&value);
                known.push(name.to_string());
            }
            None => {
                out.missing.push(name.to_string());
                missing = true;
            }
        }
        rest = after;
    }
    filled.push_str(rest);
    if missing {
        return None;
    }
    out.known.extend(known);
    Some(filled)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_known_is_left_out_with_its_heading() {
        let source =
            "# A\nOne {x}.\n\n# B\n- {y} items\n- {x} more\n  of them\n\n# C\nNot {y}.\n\nAlone {x}.\n\n# D\n- {y}";
        let number = |name: &str| (name == "x").then(|| "7".to_string());
        let filled = fill(source, &number);
        assert_eq!(filled.text, "# A\nOne 7.\n\n# B\n- 7 more\n  of them\n\n# C\nAlone 7.\n\n");
        assert_eq!(filled.known, ["x", "x", "x"]);
        assert_eq!(filled.missing, ["y", "y", "y"]);
    }
}

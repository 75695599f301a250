//! What two recipes decide differently, in words.

use serde_json::Value;

use crate::recipe::Recipe;

/// One decision that differs: what it is about, and what each of the two says.
#[derive(Debug, PartialEq)]
pub struct Difference {
    pub about: String,
    pub first: String,
    pub second: String,
}

/// What differs, in the order of the recipe; decisions that both leave open are alike.
pub fn differences(a: &Recipe, b: &Recipe) -> Vec<Difference> {
    let mut found = Vec::new();
    // Recipes are plain values, so this cannot fail.
    if let (Ok(a), Ok(b)) = (serde_json::to_value(a), serde_json::to_value(b)) {
        walk(&a, &b, &mut Vec::new(), &mut found);
    }
    found
}

fn walk<'a>(a: &'a Value, b: &'a Value, path: &mut Vec<&'a str>, found: &mut Vec<Difference>) {
    if a == b {
        return;
    }
    if let (Value::Object(a), Value::Object(b)) = (a, b) {
        let mut keys: Vec<&str> = a.keys().chain(b.keys()).map(String::as_str).collect();
        keys.sort_unstable();
        keys.dedup();
        for key in keys {
            path.push(key);
            walk(a.get(key).unwrap_or(&Value::Null), b.get(key).unwrap_or(&Value::Null), path, found);
            path.pop();
        }
        return;
    }
    found.push(Difference { about: about(path), first: said(a), second: said(b) });
}

/// Where a decision stands, in words.
fn about(path: &[&str]) -> String {
    let known = match path {
        ["cluster", "algorithm"] => "Algorithm",
        ["cluster", "k"] => "Number of clusters",
        ["cluster", "k_min"] => "Smallest k",
        ["cluster", "k_max"] => "Largest k",
        ["cluster", "k_by"] => "Automatic goes by",
        ["cluster", "references"] => "Reference data sets",
        ["features", "columns"] => "Features",
        ["rfm", "snapshot"] => "Snapshot date",
        _ => "",
    };
    if !known.is_empty() {
        return known.to_string();
    }
    let words: Vec<String> = path.iter().map(|p| p.replace('_', " ")).collect();
    let words = match &words[..] {
        [section, rest @ ..] if !rest.is_empty() && section == "cluster" => rest.join(", "),
        all => all.join(", "),
    };
    let mut chars = words.chars();
    chars.next().map(|c| c.to_uppercase().collect::<String>()).unwrap_or_default() + chars.as_str()
}

/// A value as people read it.
fn said(value: &Value) -> String {
    match value {
        Value::Null => "as found".into(),
        Value::Bool(true) => "yes".into(),
        Value::Bool(false) => "no".into(),
        Value::Number(n) => n.to_string(),
        Value::String(text) if text == "auto" => "automatic".into(),
        Value::String(text) => text.replace('_', " "),
        Value::Array(all) if all.is_empty() => "none".into(),
        Value::Array(all) if all.iter().all(|v| !v.is_object() && !v.is_array()) => {
            all.iter().map(said).collect::<Vec<_>>().join(", ")
        }
        Value::Array(all) => crate::format::plural(all.len(), "entry", "entries"),
        Value::Object(_) => "given".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recipe::{Algorithm, KChoice};

    #[test]
    fn only_what_differs_is_said() {
        let a = Recipe::for_files(vec!["a.csv".into()]);
        let mut b = a.clone();
        assert_eq!(differences(&a, &b), []);
        b.cluster.algorithm = Algorithm::Agglomerative;
        b.cluster.k = KChoice::Fixed(5);
        b.features.columns = Some(vec!["recency_days".into(), "monetary".into()]);
        let found: Vec<(String, String, String)> =
            differences(&a, &b).into_iter().map(|d| (d.about, d.first, d.second)).collect();
        let wanted = [
            ("Algorithm", "k means", "agglomerative"),
            ("Number of clusters", "automatic", "5"),
            ("Features", "as found", "recency days, monetary"),
        ];
        assert_eq!(found, wanted.map(|(a, b, c)| (a.to_string(), b.to_string(), c.to_string())));
    }
}

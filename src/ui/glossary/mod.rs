//! What the words of the window mean: one list, in `assets/help/glossary.toml`, shown wherever a term stands.
//!
//! - [`term`] draws a word with a dotted line below it; pointing at it says what it means.
//! - [`define`] adds the definition to something that is drawn already, such as a table head or a button.
//! - [`find`] looks a word up, also where it stands in a longer name: "Recency, median" is about recency.

mod within;

use std::collections::HashMap;
use std::sync::OnceLock;

use egui::{Color32, Label, Mesh, Order, Painter, Rect, Response, RichText, Ui, Vec2, pos2};
use serde::Deserialize;
pub use within::{Paragraph, terms_in};

use crate::ui::style::semibold;
use crate::ui::theme;

/// One term.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// As it is written within a sentence.
    pub name: String,
    /// Other ways to say it.
    #[serde(default)]
    pub also: Vec<String>,
    /// Under which heading it is listed.
    pub group: String,
    /// One or two sentences.
    pub means: String,
    pub formula: Option<String>,
    /// Author and year.
    pub source: Option<String>,
}

impl Entry {
    /// Its name at the start of a line.
    pub fn title(&self) -> String {
        let mut letters = self.name.chars();
        // k and k-means stay as they are.
        let keeps = self.name.starts_with("k-") || self.name == "k" || self.name.starts_with("t-SNE");
        match letters.next() {
            Some(first) if !keeps && self.name != "log(1 + x)" && self.name != "z-score" => {
                first.to_uppercase().chain(letters).collect()
            }
            _ => self.name.clone(),
        }
    }
}

#[derive(Deserialize)]
struct File {
    term: Vec<Entry>,
}

struct Glossary {
    entries: Vec<Entry>,
    /// Every name and other name, in lower case.
    places: HashMap<String, usize>,
}

fn glossary() -> &'static Glossary {
    static GLOSSARY: OnceLock<Glossary> = OnceLock::new();
    GLOSSARY.get_or_init(|| {
        let text = include_str!("../../../assets/help/glossary.toml");
        let entries = toml::from_str::<File>(text).expect("the shipped glossary is read by a test").term;
        let mut places = HashMap::new();
        for (at, entry) in entries.iter().enumerate() {
            for name in std::iter::once(&entry.name).chain(&entry.also) {
                places.insert(name.to_lowercase(), at);
            }
        }
        Glossary { entries, places }
    })
}

/// Every term, in the order of the list.
pub fn all() -> &'static [Entry] {
    &glossary().entries
}

/// What a word is about. Looks for the word itself, then for what stands before a comma, a bracket or a colon, then for
/// the singular.
pub fn find(word: &str) -> Option<&'static Entry> {
    let glossary = glossary();
    let exact = |word: &str| {
        let word = word.trim().to_lowercase();
        glossary.places.get(&word).or_else(|| glossary.places.get(word.strip_suffix('s')?))
    };
    let begins = || word.split([',', '(', ':', '·']).next().filter(|part| part.len() < word.len());
    exact(word).or_else(|| exact(begins()?)).map(|&at| &glossary.entries[at])
}

/// A word with a dotted line below it; pointing at it says what it means. The word is drawn as it is given, in the style
/// of small text of the second level.
pub fn term(ui: &mut Ui, word: &str) -> Response {
    let t = theme::of(ui);
    term_as(ui, word, RichText::new(word).size(t.font.small).color(t.text.muted))
}

/// The same in another style: `shown` is drawn, `word` is looked up. Without an entry it is a plain label.
pub fn term_as(ui: &mut Ui, word: &str, shown: RichText) -> Response {
    let response = ui.add(Label::new(shown).truncate());
    match find(word) {
        // Nobody can point at what stands in a tooltip.
        Some(_) if ui.layer_id().order == Order::Tooltip => response,
        Some(entry) => {
            underline(ui, &response);
            response.on_hover_ui(|ui| card(ui, entry))
        }
        None => response,
    }
}

/// Adds the definition of `word` to something that is drawn already, where there is one.
pub fn define(response: Response, word: &str) -> Response {
    match find(word) {
        Some(entry) => response.on_hover_ui(|ui| card(ui, entry)),
        None => response,
    }
}

/// The sign that something has a definition: dots below it.
pub fn underline(ui: &Ui, response: &Response) {
    let t = theme::of(ui);
    let hot = response.hovered() || response.has_focus();
    dots(ui.painter(), response.rect, if hot { t.accent.normal } else { t.text.faint });
}

/// A dotted line at the foot of `rect`.
pub fn dots(painter: &Painter, rect: Rect, color: Color32) {
    // Whole pixels, so that the dots are equally strong.
    let point = 1.0 / painter.pixels_per_point();
    let (dot, step) = (point.max(1.0), 3.0 * point.max(1.0));
    let whole = |v: f32| (v / point).round() * point;
    let start = pos2(whole(rect.left()), whole(rect.bottom() - dot));
    let mut mesh = Mesh::default();
    for i in 0..((rect.width() / step) as usize) {
        let at = pos2(start.x + i as f32 * step, start.y);
        mesh.add_colored_rect(Rect::from_min_size(at, Vec2::splat(dot)), color);
    }
    painter.add(mesh);
}

/// A term with everything that is said of it; what stands in a tooltip.
pub fn card(ui: &mut Ui, entry: &Entry) {
    let t = theme::of(ui);
    ui.spacing_mut().item_spacing.y = t.space.xs;
    ui.label(RichText::new(entry.title()).size(t.font.small).family(semibold()).color(t.text.normal));
    body(ui, entry);
}

/// Definition, formula and source under each other.
pub fn body(ui: &mut Ui, entry: &Entry) {
    let t = theme::of(ui);
    let small = |text: &str| RichText::new(text).size(t.font.small);
    ui.add(Label::new(small(&entry.means).color(t.text.muted)).wrap());
    if let Some(formula) = &entry.formula {
        ui.add(Label::new(small(formula).color(t.text.normal)).wrap());
    }
    if let Some(source) = &entry.source {
        ui.add(Label::new(RichText::new(source).size(t.font.tiny).color(t.text.faint)).wrap());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::engagement::ReadyMade;
    use crate::recipe::{Algorithm, Binning, Covariance, KCriterion, Linkage, Returns, Scale, ScoreCuts, Transform};

    #[test]
    fn the_list_reads_and_no_word_stands_for_two_things() {
        assert!(all().len() > 120, "{}", all().len());
        let names: usize = all().iter().map(|e| 1 + e.also.len()).sum();
        assert_eq!(glossary().places.len(), names, "a word is there twice");
        for entry in all() {
            assert!(entry.means.ends_with('.'), "{}", entry.name);
            let sentences = entry.means.matches(". ").count() + 1;
            assert!(sentences <= 4 && entry.means.len() < 330, "{}: too long for a tooltip", entry.name);
            assert_eq!(find(&entry.title()).map(|e| &e.name), Some(&entry.name));
        }
    }

    /// A letter that no font has stops the tests of the window, and is a box on the screen.
    #[test]
    fn every_letter_can_be_drawn() {
        let known = "£−–…×·²“”’üłńéäΣ±";
        for entry in all() {
            let shown = [Some(&entry.name), Some(&entry.means), entry.formula.as_ref(), entry.source.as_ref()];
            let odd: String = shown
                .into_iter()
                .flatten()
                .flat_map(|t| t.chars())
                .filter(|c| !c.is_ascii() && !known.contains(*c))
                .collect();
            assert!(odd.is_empty(), "{}: {odd}", entry.name);
        }
    }

    #[test]
    fn words_are_found_in_the_ways_they_are_written() {
        let name = |word| find(word).map(|e| e.name.as_str());
        assert_eq!(name("Recency, median"), Some("recency"));
        assert_eq!(name("Davies-Bouldin"), Some("Davies-Bouldin"));
        assert_eq!(name("Silhouettes"), Some("silhouette"));
        assert_eq!(name("Snapshot date"), Some("snapshot date"));
        assert_eq!(name("Net spend (£)"), Some("net spend"));
        assert_eq!(name("Wednesday"), None);
    }

    /// Every feature, index, algorithm, transform and scale has an entry.
    #[test]
    fn everything_that_can_be_chosen_is_explained() {
        let mut words: Vec<String> = ["recency", "frequency", "monetary"].map(String::from).into();
        words.extend(ReadyMade::ALL.iter().flat_map(|f| [f.label().to_string(), f.name().to_string()]));
        words.extend(Algorithm::ALL.iter().map(|a| a.label().to_string()));
        words.extend(KCriterion::ALL.iter().map(|c| c.label().to_string()));
        words.extend(Linkage::ALL.iter().map(|l| format!("{} linkage", l.label())));
        words.extend(Covariance::ALL.iter().map(|c| format!("{} covariance", c.label())));
        words.extend(Returns::ALL.iter().map(|r| format!("{} returns", r.label())));
        words.extend(ScoreCuts::ALL.iter().map(|c| c.label().to_string()));
        words.extend(Binning::ALL.iter().map(|b| b.label().to_string()));
        let named = |label: &str, kind: &str| match label {
            "None" => format!("no {kind}"),
            "Rank" | "Robust" => format!("{label} {kind}"),
            label => label.to_string(),
        };
        words.extend(Transform::ALL.iter().map(|t| named(t.label(), "transform")));
        words.extend(Scale::ALL.iter().map(|s| named(s.label(), "scale")));
        let measures = ["Inertia", "Silhouette", "Calinski-Harabasz", "Davies-Bouldin", "BIC", "Gap"];
        words.extend(measures.map(String::from));
        words.extend(["Prediction strength", "Stability", "Smallest cluster", "Adjusted Rand"].map(String::from));
        let without: Vec<&String> = words.iter().filter(|w| find(w).is_none()).collect();
        assert!(without.is_empty(), "no entry for {without:?}");
    }

    /// Every word that the sources hand to the widgets is in the list.
    #[test]
    fn every_term_that_is_used_exists() {
        fn walk(folder: &std::path::Path, used: &mut Vec<String>) {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    walk(&path, used);
                } else if path.extension().is_some_and(|e| e == "rs") {
                    let code = std::fs::read_to_string(&path).unwrap();
                    let code = code.split("#[cfg(test)]").next().unwrap_or("");
                    for call in ["glossary::term(ui, \"", "glossary::term_as(ui, \"", "glossary::find(\""] {
                        used.extend(code.split(call).skip(1).filter_map(|rest| Some(rest.split_once('"')?.0.into())));
                    }
                    for rest in code.split("glossary::define(").skip(1) {
                        let call = rest.split_once(';').map_or(rest, |(call, _)| call);
                        used.extend(call.split(", \"").nth(1).and_then(|w| Some(w.split_once('"')?.0.into())));
                    }
                }
            }
        }
        let mut used: Vec<String> = Vec::new();
        walk(&std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/ui"), &mut used);
        let unknown: Vec<&String> = used.iter().filter(|w| find(w).is_none()).collect();
        assert!(unknown.is_empty(), "{unknown:?}");
    }
}

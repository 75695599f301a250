//! What the palette can find: commands, settings, files opened last, segments, customers, terms.

use std::path::PathBuf;
use std::sync::Arc;

use super::rank::rank;
use crate::app::{Action, Command, Settings, ThemeChoice};
use crate::format::plural;
use crate::profile::Grouping;
use crate::recipe::Numbers;
use crate::ui::glossary;
use crate::ui::scene::Scene;

/// Customers that are listed at most.
const MOST_CUSTOMERS: usize = 5;
/// Lines that are listed at most once something is typed.
const MOST: usize = 40;
/// Lines of what was taken last that stand first while nothing is typed.
const MOST_RECENT: usize = 5;

/// What happens when a line is taken.
#[derive(Debug, Clone, PartialEq)]
pub enum Take {
    Command(Command),
    Theme(ThemeChoice),
    Numbers(Numbers),
    Still(bool),
    Open(PathBuf),
    /// A segment by its place.
    Segment(Grouping, usize),
    /// A customer by id.
    Customer(String),
    /// A term of the glossary.
    Term(String),
}

/// One line.
#[derive(Debug, Clone)]
pub struct Line {
    pub text: String,
    /// What it does, or where it is.
    pub detail: String,
    pub key: Option<egui::KeyboardShortcut>,
    /// Why it cannot be taken now.
    pub blocked: Option<&'static str>,
    pub take: Take,
    /// Places of the letters that match.
    pub places: Vec<usize>,
}

impl Line {
    fn new(text: impl Into<String>, detail: impl Into<String>, take: Take) -> Line {
        let (text, detail) = (text.into(), detail.into());
        Line { text, detail, key: None, blocked: None, take, places: Vec::new() }
    }
}

/// Lines that match `query`, the best first; everything in its order while nothing is typed, what was taken last before it.
pub fn search(query: &str, ctx: &egui::Context, scene: &mut Scene) -> Vec<Line> {
    let mut lines = commands(scene);
    lines.extend(settings(scene.settings));
    let typed = !query.trim().is_empty();
    if typed {
        lines.extend(recent(scene.settings));
        lines.extend(segments(scene));
        lines.extend(terms());
        lines.extend(customers(query, ctx, scene));
    }
    arrange(query, lines, &scene.settings.used)
}

/// Ranks the lines: by how they match and how lately they were taken.
pub fn arrange(query: &str, lines: Vec<Line>, used: &[String]) -> Vec<Line> {
    let place = |line: &Line| used.iter().position(|u| *u == line.text);
    if query.trim().is_empty() {
        let (mut last, rest): (Vec<_>, Vec<_>) = lines.into_iter().partition(|l| place(l).is_some());
        last.sort_by_key(|l| place(l));
        let others = last.split_off(last.len().min(MOST_RECENT));
        return last.into_iter().chain(rest).chain(others).collect();
    }
    let mut ranked: Vec<(i32, Line)> = lines
        .into_iter()
        .filter_map(|mut line| {
            let found = rank(query, &line.text)?;
            line.places = found.places;
            // What was taken lately comes before what matches a little better.
            let lately = place(&line).map_or(0, |at| 30 - at.min(24) as i32);
            let kind = match line.take {
                Take::Term(_) => -60,
                Take::Customer(_) | Take::Segment(..) | Take::Open(_) => 0,
                _ => 12,
            };
            let usable = if line.blocked.is_some() { -30 } else { 0 };
            Some((found.score + lately + kind + usable, line))
        })
        .collect();
    ranked.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
    ranked.truncate(MOST);
    ranked.into_iter().map(|(_, line)| line).collect()
}

/// Does what a line stands for.
pub fn take(scene: &mut Scene, line: Line) {
    let text = line.text.clone();
    match line.take {
        // Remembering it would put it among the commands of every other analysis.
        Take::Customer(id) => scene.act(Action::ShowCustomer(id)),
        Take::Segment(grouping, at) => {
            let found = scene.session.profiles.get().zip(scene.session.portraits.get());
            let picked = found.and_then(|(profiles, portraits)| {
                portraits.of(grouping, profiles).0.get(at).map(|p| (p.members.clone(), p.name.clone()))
            });
            if let Some((members, name)) = picked {
                scene.select(members, name);
            }
        }
        Take::Open(path) => scene.act(Action::Open(path)),
        Take::Term(name) => scene.view.frame.explain(&name),
        Take::Command(command) => {
            scene.set(|s| s.took(text));
            scene.command(command);
        }
        Take::Theme(theme) => scene.set(|s| {
            s.theme = theme;
            s.took(text);
        }),
        Take::Numbers(numbers) => scene.set(|s| {
            s.numbers = numbers;
            s.took(text);
        }),
        Take::Still(still) => scene.set(|s| {
            s.still = still;
            s.took(text);
        }),
    }
}

fn commands(scene: &Scene) -> Vec<Line> {
    Command::all()
        .filter(|c| *c != Command::Palette)
        .map(|command| Line {
            key: command.shortcut(),
            blocked: scene.blocked(command),
            ..Line::new(command.text(), command.tooltip(), Take::Command(command))
        })
        .collect()
}

fn settings(settings: &Settings) -> Vec<Line> {
    let mut lines = Vec::new();
    for (theme, name) in [(ThemeChoice::Dark, "dark"), (ThemeChoice::Light, "light"), (ThemeChoice::System, "system's")]
    {
        if theme != settings.theme {
            lines.push(Line::new(format!("Use the {name} theme"), "A setting of the window", Take::Theme(theme)));
        }
    }
    for numbers in Numbers::ALL {
        if numbers != settings.numbers {
            let text = format!("Write numbers as {}", numbers.example());
            lines.push(Line::new(text, "A setting, also of the open analysis", Take::Numbers(numbers)));
        }
    }
    let (text, still) = if settings.still { ("Let things move", false) } else { ("Let nothing move by itself", true) };
    lines.push(Line::new(text, "A setting of the window", Take::Still(still)));
    lines
}

fn recent(settings: &Settings) -> Vec<Line> {
    let line = |path: &PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let folder = path.parent().map(|p| p.display().to_string()).unwrap_or_default();
        Line::new(format!("Open {name}"), folder, Take::Open(path.clone()))
    };
    settings.recent.iter().map(line).collect()
}

fn segments(scene: &Scene) -> Vec<Line> {
    let Some((profiles, portraits)) = scene.session.profiles.get().zip(scene.session.portraits.get()) else {
        return Vec::new();
    };
    let of = |grouping, what: &str| {
        let line = |(at, p): (usize, &crate::profile::Profile)| {
            let detail = format!("Select this {what}: {}", plural(p.customers, "customer", "customers"));
            Line::new(p.name.clone(), detail, Take::Segment(grouping, at))
        };
        portraits.of(grouping, profiles).0.iter().enumerate().map(line).collect::<Vec<_>>()
    };
    [of(Grouping::Clusters, "cluster"), of(Grouping::Rfm, "RFM segment")].concat()
}

fn terms() -> Vec<Line> {
    let line = |e: &glossary::Entry| Line::new(e.title(), e.means.clone(), Take::Term(e.name.clone()));
    glossary::all().iter().map(line).collect()
}

/// Customers whose id begins with what is typed; of many customers they are looked for elsewhere.
fn customers(query: &str, ctx: &egui::Context, scene: &mut Scene) -> Vec<Line> {
    let wanted = query.trim().to_lowercase();
    let Some(rfm) = scene.session.rfm.get().filter(|_| wanted.chars().count() >= 2) else { return Vec::new() };
    let ids: Arc<Vec<String>> = rfm.customers.ids.clone();
    let n = ids.len();
    let found = scene.cache.get_later("customers by id", (ids, wanted), n, ctx, |(ids, wanted)| {
        let begins = |id: &&String| id.get(..wanted.len()).is_some_and(|head| head.eq_ignore_ascii_case(wanted));
        let found = ids.iter().filter(begins).take(MOST_CUSTOMERS);
        found.cloned().collect::<Vec<String>>()
    });
    let line = |id: &String| Line::new(id.clone(), "Show the card of this customer", Take::Customer(id.clone()));
    found.iter().flat_map(|ids| ids.iter()).map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::Panel;

    fn lines() -> Vec<Line> {
        let of = |c: Command| Line::new(c.text(), c.tooltip(), Take::Command(c));
        Command::all().filter(|c| *c != Command::Palette).map(of).collect()
    }

    fn first(query: &str, used: &[String]) -> Option<Take> {
        arrange(query, lines(), used).into_iter().next().map(|l| l.take)
    }

    #[test]
    fn letters_in_order_find_commands_best_first() {
        assert_eq!(first("goto prof", &[]), Some(Take::Command(Command::Go(Panel::Profiles))));
        assert_eq!(first("excel", &[]), Some(Take::Command(Command::ExportWorkbook)));
        assert_eq!(first("undo", &[]), Some(Take::Command(Command::Undo)));
        assert_eq!(first("zzzq", &[]), None);
        assert_eq!(arrange("", lines(), &[]).len(), lines().len());
    }

    #[test]
    fn what_was_taken_last_comes_first() {
        let used = [Command::ExportWorkbook.text(), Command::Redo.text()];
        let shown = arrange("", lines(), &used);
        assert_eq!(shown[0].take, Take::Command(Command::ExportWorkbook));
        assert_eq!(shown[1].take, Take::Command(Command::Redo));
        assert_eq!(shown.len(), lines().len());
        assert_ne!(first("exp", &[]), Some(Take::Command(Command::ExportWorkbook)));
        assert_eq!(first("exp", &used), Some(Take::Command(Command::ExportWorkbook)));
    }
}

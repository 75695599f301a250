//! Rows of customers for a sheet: only those one sees are written out, so that a million customers scroll like a
//! hundred. Shared by the customers' table and the smaller tables of other panels.

use std::ops::Range;
use std::rc::Rc;
use std::sync::Arc;

use egui::{Align, Color32, Label, Layout, Modifiers, RichText, Sense, Ui};
use egui_material_icons::icons::{ICON_ARROW_DOWNWARD, ICON_ARROW_UPWARD};

use super::sheet::{self, Cell, Content, Sheet};
use crate::app::Selection;
use crate::ctx::Ctx;
use crate::explore::customers::{Arranged, CustomerColumn, CustomerQuery, CustomerSheet, Values, arrange};
use crate::format;
use crate::rfm::Unit;
use crate::ui::glossary;
use crate::ui::scene::Scene;
use crate::ui::style::semibold;
use crate::ui::theme::{self, Theme};

/// Customers looked at for the width and the digits of a column.
const LOOKED_AT: usize = 1_024;
const WIDEST: f32 = 190.0;
/// Widths of a letter and of a digit, in font sizes.
const LETTER: f32 = 0.56;
const DIGIT: f32 = 0.61;
/// Tables of up to this many customers are put in order in a few milliseconds, so they are not worth a thread.
const AT_ONCE: usize = 30_000;

/// A table of customers.
pub struct Table<'a> {
    /// A name of its own for scrolling and widths.
    pub slot: &'static str,
    pub sheet: &'a CustomerSheet,
    pub columns: &'a [CustomerColumn],
    /// Places in the customer table.
    pub order: &'a [u32],
    /// The column that orders them, and whether the largest stands first.
    pub sort: (&'a CustomerColumn, bool),
    /// Whether rows of selected customers are drawn as such.
    pub marks: bool,
    /// Whether columns can be hidden.
    pub hides: bool,
    /// A row to bring into view.
    pub reveal: Option<usize>,
}

/// What a click in the table asks for.
pub enum Wish {
    Click {
        row: usize,
        held: Modifiers,
        twice: bool,
    },
    /// Whether the largest is to stand first.
    Sort(CustomerColumn, bool),
    Hide(CustomerColumn),
    /// The card of a customer.
    Show(usize),
}

/// Draws the table over the room there is.
pub fn show(ui: &mut Ui, scene: &mut Scene, table: &Table) -> Vec<Wish> {
    let t = theme::of(ui);
    let currency = scene.currency().map(String::from);
    let forms = forms(scene, table.sheet, table.columns, t);
    let widths: Vec<f32> = forms.iter().map(|f| f.width).collect();
    let form = Sheet {
        slot: table.slot,
        rows: table.order.len(),
        widths: &widths,
        head: t.shape.row + t.space.xs,
        last_number: table.order.len(),
        reveal: table.reveal.map(|row| (row, 0)),
    };
    let mut rows = Rows {
        table,
        values: table.columns.iter().map(|c| Values::of(table.sheet, c)).collect(),
        forms: &forms,
        selection: table.marks.then_some(scene.selection),
        currency: currency.as_deref(),
        theme: t,
        texts: Vec::new(),
        rows: 0..0,
        first_column: 0,
        wide: 0,
        wishes: Vec::new(),
    };
    sheet::show(ui, &form, &mut rows);
    rows.wishes
}

/// The rows that a query asks for as far as they are made, and whether they are those asked for. `slot` is the name
/// under which they are kept.
pub fn arranged(
    ctx: &egui::Context,
    scene: &mut Scene,
    slot: &'static str,
    sheet: &CustomerSheet,
    query: &CustomerQuery,
) -> (Option<Rc<Arranged>>, bool) {
    let input = (sheet.clone(), query.clone());
    let most = query.only.as_ref().map_or(sheet.len(), |only| only.len());
    let (value, current) = if most <= AT_ONCE && sheet.len() <= AT_ONCE {
        let made = scene.cache.get(slot, input, |(sheet, query)| arrange(sheet, query, &Ctx::silent()).ok());
        (made.as_ref().clone().map(Rc::new), true)
    } else {
        let made =
            scene.cache.follow(slot, input, ctx, |(sheet, query), ctx| arrange(sheet, query, ctx).ok().map(Some));
        (made.value.and_then(|v| v.as_ref().clone().map(Rc::new)), made.current)
    };
    // Rows of other customers mean nothing.
    (value.filter(|a| Arc::ptr_eq(&a.of, &sheet.rfm)), current)
}

/// Selects the customer of a row; with Ctrl (⌘) one more or less; with Shift all from the one clicked before.
pub fn pick(scene: &mut Scene, ids: &[String], order: &[u32], row: usize, held: Modifiers) {
    let Some(&customer) = order.get(row) else { return };
    let anchor = scene.view.customers.anchor;
    let from = anchor.filter(|_| held.shift).and_then(|a| order.iter().position(|c| *c == a));
    let chosen = if let Some(from) = from {
        // Marks instead of a sort: a range may be a million rows.
        let mut marked = vec![false; ids.len()];
        for &c in &order[from.min(row)..=from.max(row)] {
            marked[c as usize] = true;
        }
        if held.command {
            scene.selection.customers.iter().for_each(|&c| marked[c as usize] = true);
        }
        marked.iter().enumerate().filter(|(_, on)| **on).map(|(c, _)| c as u32).collect()
    } else if held.command {
        let mut chosen = scene.selection.customers.to_vec();
        match chosen.binary_search(&customer) {
            Ok(at) => {
                chosen.remove(at);
            }
            Err(at) => chosen.insert(at, customer),
        }
        chosen
    } else {
        vec![customer]
    };
    if from.is_none() {
        scene.view.customers.anchor = Some(customer);
    }
    let words = match chosen.as_slice() {
        [one] => format!("Customer {}", ids[*one as usize]),
        _ => "Picked in the table".into(),
    };
    scene.select(chosen, words);
}

/// How the numbers of a column are written: the same digits in every row.
#[derive(Debug, Clone, Copy)]
struct Form {
    unit: Unit,
    decimals: usize,
    width: f32,
}

/// Digits and widths, judged by customers all over the table.
fn forms(scene: &mut Scene, sheet: &CustomerSheet, columns: &[CustomerColumn], t: &Theme) -> Rc<Vec<Form>> {
    let (font, gap) = (t.font.small, t.space.l);
    let currency = scene.currency().map(String::from);
    scene.cache.get("customers forms", (sheet.clone(), columns.to_vec()), move |(sheet, columns)| {
        columns.iter().map(|c| form(sheet, c, font, gap, currency.as_deref())).collect()
    })
}

fn form(sheet: &CustomerSheet, column: &CustomerColumn, font: f32, gap: f32, currency: Option<&str>) -> Form {
    let unit = column.unit(sheet);
    let mut form = Form { unit, decimals: 0, width: 0.0 };
    let step = (sheet.len() / LOOKED_AT).max(1);
    let looked_at = || (0..sheet.len()).step_by(step);
    let mut longest = 0;
    if let Some(values) = Values::of(sheet, column) {
        if values.is_number() {
            let fraction = looked_at().map(|c| values.number(c)).any(|v| v.is_finite() && v.fract() != 0.0);
            form.decimals = match unit {
                Unit::Money => 2,
                Unit::Share => 1,
                _ => usize::from(fraction) * 2,
            };
            let extreme = looked_at().map(|c| values.number(c)).filter(|v| v.is_finite());
            let (low, high) = extreme.fold((0.0f64, 0.0f64), |(l, h), v| (l.min(v), h.max(v)));
            let long = |v: f64| form.write(v, currency).chars().count();
            longest = long(low).max(long(high));
        } else {
            longest = looked_at().map(|c| values.text(c).chars().count()).max().unwrap_or(0);
        }
    }
    let dot = if *column == CustomerColumn::Cluster { gap } else { 0.0 };
    // Digits are wider than letters. The arrow of the order stands beside the name.
    let words = form.unit == Unit::Words && *column != CustomerColumn::Id;
    let per_char = font * if words { LETTER } else { DIGIT };
    let name = column.short_label(sheet).chars().count().min(22) as f32 * font * DIGIT + font;
    form.width = (longest as f32 * per_char + dot).max(name).min(WIDEST) + gap;
    form
}

impl Form {
    /// A value with its unit, in as many digits as every other of its column.
    fn write(&self, value: f64, currency: Option<&str>) -> String {
        let digits = |v: f64| format::number(v, self.decimals);
        match self.unit {
            _ if !value.is_finite() => "–".into(),
            Unit::Share => format!("{} %", digits(value * 100.0)),
            Unit::Money if value < 0.0 => format!("−{}{}", currency.unwrap_or(""), digits(-value)),
            Unit::Money => format!("{}{}", currency.unwrap_or(""), digits(value)),
            _ => digits(value),
        }
    }
}

struct Rows<'a> {
    table: &'a Table<'a>,
    values: Vec<Option<Values<'a>>>,
    forms: &'a [Form],
    /// `None` where selected rows look like others.
    selection: Option<&'a Selection>,
    currency: Option<&'a str>,
    theme: &'a Theme,
    /// Texts of the cells of `rows` and of `wide` columns from `first_column`.
    texts: Vec<String>,
    rows: Range<usize>,
    first_column: usize,
    wide: usize,
    wishes: Vec<Wish>,
}

impl Rows<'_> {
    fn text(&self, row: usize, column: usize) -> String {
        let customer = self.table.order[row] as usize;
        match &self.values[column] {
            Some(Values::Numbers(numbers)) => self.forms[column].write(numbers[customer], self.currency),
            Some(named) => match named.text(customer) {
                text if text.is_empty() => "–".into(),
                text => text.into_owned(),
            },
            None => String::new(),
        }
    }
}

impl Content for Rows<'_> {
    fn head(&mut self, ui: &mut Ui, column: usize) {
        let t = self.theme;
        let what = &self.table.columns[column];
        let right = self.values[column].as_ref().is_some_and(|v| v.is_number() || matches!(v, Values::Scores { .. }));
        let sorted = (self.table.sort.0 == what).then_some(self.table.sort.1);
        let layout = if right { Layout::right_to_left(Align::Center) } else { Layout::left_to_right(Align::Center) };
        ui.with_layout(layout, |ui| {
            ui.spacing_mut().item_spacing.x = t.shape.ring;
            let color = if sorted.is_some() { t.text.normal } else { t.text.muted };
            let label = what.label(self.table.sheet);
            let words =
                RichText::new(what.short_label(self.table.sheet)).size(t.font.small).family(semibold()).color(color);
            let arrow = |ui: &mut Ui| {
                if let Some(descending) = sorted {
                    let icon = if descending { ICON_ARROW_DOWNWARD } else { ICON_ARROW_UPWARD };
                    ui.label(icon.rich_text().size(t.font.small).color(t.accent.normal));
                }
            };
            // The arrow keeps its room; a long name is cut before it.
            if right {
                arrow(ui);
            }
            let response = ui.add(Label::new(words).truncate().sense(Sense::click()));
            if !right {
                arrow(ui);
            }
            response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, format!("Sort by {label}")));
            if response.clicked() {
                self.wishes.push(Wish::Sort(what.clone(), sorted.map_or(right, |descending| !descending)));
            }
            let hides = self.table.hides;
            let wishes = &mut self.wishes;
            response.context_menu(|ui| {
                for (words, descending) in [("Smallest first", false), ("Largest first", true)] {
                    if ui.button(words).clicked() {
                        wishes.push(Wish::Sort(what.clone(), descending));
                    }
                }
                if hides && ui.button("Hide this column").clicked() {
                    wishes.push(Wish::Hide(what.clone()));
                }
            });
            let hint = format!("{}\nClick to sort, right-click for more", what.definition(self.table.sheet));
            glossary::define(response.on_hover_text(hint), &label);
        });
    }

    fn number(&self, row: usize) -> usize {
        row + 1
    }

    fn keeps_first(&self) -> bool {
        self.table.columns.first() == Some(&CustomerColumn::Id)
    }

    fn prepare(&mut self, rows: Range<usize>, columns: Range<usize>) {
        let mut texts = Vec::with_capacity(rows.len() * columns.len());
        for row in rows.clone() {
            texts.extend(columns.clone().map(|column| self.text(row, column)));
        }
        (self.texts, self.rows, self.first_column, self.wide) = (texts, rows, columns.start, columns.len());
    }

    fn cell(&self, row: usize, column: usize) -> Cell<'_> {
        let made = self.rows.contains(&row) && (self.first_column..self.first_column + self.wide).contains(&column);
        let at = || (row - self.rows.start) * self.wide + column - self.first_column;
        let text = if made { self.texts[at()].as_str() } else { "" };
        let right = !matches!(
            self.values[column],
            Some(Values::Texts(_) | Values::Words { .. } | Values::Segments { .. } | Values::Clusters { .. })
        );
        Cell { text, right, faint: text == "–", marked: false }
    }

    fn dot(&self, row: usize, column: usize) -> Option<Color32> {
        match &self.values[column] {
            Some(clusters @ Values::Clusters { .. }) => {
                clusters.code(self.table.order[row] as usize).map(|code| self.theme.segment(code))
            }
            _ => None,
        }
    }

    fn selected(&self, row: usize) -> bool {
        self.selection.is_some_and(|s| s.contains(self.table.order[row]))
    }

    fn clicked(&mut self, row: usize, held: Modifiers, twice: bool) {
        self.wishes.push(Wish::Click { row, held, twice });
    }

    fn menu(&mut self, ui: &mut Ui, row: usize) {
        if ui.button("Show this customer").clicked() {
            self.wishes.push(Wish::Show(row));
            ui.close();
        }
    }
}

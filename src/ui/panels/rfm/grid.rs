//! The 25 cells of recency × frequency as a heat map; a click selects the customers of a cell.

use std::sync::Arc;

use egui::{Align2, FontId, Rect, RichText, Sense, Stroke, Ui, pos2, vec2};

use crate::format;
use crate::rfm::RfmOut;
use crate::ui::scene::Scene;
use crate::ui::style::semibold;
use crate::ui::theme;
use crate::ui::widgets::{state, text};

/// Customers and money per cell, `[r − 1][f − 1]`.
struct Cells {
    customers: [[usize; 5]; 5],
    money: [[f64; 5]; 5],
    total: usize,
    total_money: f64,
}

pub fn show(ui: &mut Ui, scene: &mut Scene, rfm: &Arc<RfmOut>, room: egui::Vec2) {
    let t = theme::of(ui);
    text::heading_and_note(ui, "Recency × frequency", "customers per cell");
    if rfm.scores[0].sizes.len() != 5 || rfm.scores[1].sizes.len() != 5 {
        text::muted(ui, "The grid is defined for five scores per axis.");
        return;
    }
    let customers = rfm.customers.len();
    let Some(cells) = scene.cache.get_later("rf cells", rfm.clone(), customers, ui.ctx(), |rfm| count(rfm)) else {
        return;
    };
    let axis = t.font.tiny + t.space.xs;
    let width = room.x;
    let side = (width - axis) / 5.0;
    let height = ((room.y - axis - t.shape.row) / 5.0).clamp(48.0, 88.0);
    let (rect, response) = ui.allocate_exact_size(vec2(width, 5.0 * height + axis), Sense::click());
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, "Recency by frequency grid"));
    let most = cells.customers.iter().flatten().copied().max().unwrap_or(1).max(1) as f32;
    let cell_rect = |r: usize, f: usize| {
        let min = pos2(rect.left() + axis + r as f32 * side, rect.top() + (4 - f) as f32 * height);
        Rect::from_min_size(min, vec2(side, height)).shrink(1.0)
    };
    let mut hovered = None;
    for r in 0..5 {
        for f in 0..5 {
            let place = cell_rect(r, f);
            let n = cells.customers[r][f];
            // Square root: small cells stay apart where one cell holds half of everyone.
            let fill = t.sequential((n as f32 / most).sqrt());
            let painter = ui.painter().with_clip_rect(place);
            painter.rect_filled(place, t.shape.radius_small, fill);
            let ink = t.text_on(fill);
            let segment = usize::from(rfm.map.segment_of(r as u8 + 1, f as u8 + 1, 1));
            let bar = Rect::from_min_size(place.min, vec2(t.space.xs - 1.0, place.height()));
            painter.rect_filled(bar, 0.0, t.segment(segment));
            let at = place.left_top() + vec2(t.space.xs + 3.0, t.space.s - 2.0);
            painter.text(at, Align2::LEFT_TOP, format::count(n), FontId::new(t.font.body, semibold()), ink);
            let name = &rfm.map.segments[segment].name;
            let font = FontId::proportional(t.font.tiny - 1.5);
            let galley = painter.layout(name.clone(), font, ink, place.width() - t.space.s);
            let y = place.bottom() - galley.size().y - 2.0;
            painter.galley(pos2(at.x, y), galley, ink);
            if response.hover_pos().is_some_and(|p| place.contains(p)) {
                ui.painter().rect_stroke(
                    place,
                    t.shape.radius_small,
                    Stroke::new(t.shape.ring, t.text.normal),
                    egui::StrokeKind::Inside,
                );
                hovered = Some((r, f));
            }
        }
    }
    axes(ui, rect, axis, side, height);
    let Some((r, f)) = hovered else { return };
    let segment = usize::from(rfm.map.segment_of(r as u8 + 1, f as u8 + 1, 1));
    let info = &rfm.map.segments[segment];
    if response.clicked() {
        let chosen = (0..rfm.customers.len() as u32)
            .filter(|&c| {
                let i = c as usize;
                usize::from(rfm.scores[0].scores[i]) == r + 1 && usize::from(rfm.scores[1].scores[i]) == f + 1
            })
            .collect();
        scene.select(chosen, format!("{} (R {}, F {})", info.name, r + 1, f + 1));
    }
    let (n, money) = (cells.customers[r][f], cells.money[r][f]);
    let (currency, has_money) = (scene.currency(), rfm.has_money());
    response.on_hover_ui_at_pointer(|ui| {
        ui.horizontal(|ui| {
            text::dot(ui, t.segment(segment));
            ui.label(RichText::new(info.name.as_str()).family(semibold()));
            ui.label(RichText::new(format!("R {}, F {}", r + 1, f + 1)).color(t.text.muted));
        });
        let share = |part: f64, whole: f64| if whole > 0.0 { format::percent(part / whole) } else { "–".into() };
        let customers = format::plural(n, "customer", "customers");
        let mut lines = vec![format!("{customers}, {} of all", share(n as f64, cells.total as f64))];
        if has_money {
            let of_all = share(money, cells.total_money);
            lines.push(format!("{}, {of_all} of the net spend", format::money(money, currency)));
        }
        lines.push(state::sentence(&info.meaning));
        text::muted(ui, lines.join("\n"));
    });
}

fn count(rfm: &RfmOut) -> Cells {
    let money = rfm.customers.monetary();
    let amounts = money.iter().copied().chain(std::iter::repeat(0.0));
    let mut cells = Cells {
        customers: [[0; 5]; 5],
        money: [[0.0; 5]; 5],
        total: rfm.customers.len(),
        total_money: money.iter().sum(),
    };
    for (i, amount) in (0..rfm.customers.len()).zip(amounts) {
        let (r, f) = (usize::from(rfm.scores[0].scores[i]) - 1, usize::from(rfm.scores[1].scores[i]) - 1);
        cells.customers[r][f] += 1;
        cells.money[r][f] += amount;
    }
    cells
}

fn axes(ui: &Ui, rect: Rect, axis: f32, side: f32, height: f32) {
    let t = theme::of(ui);
    let font = FontId::proportional(t.font.tiny);
    let painter = ui.painter();
    for i in 0..5 {
        let x = rect.left() + axis + (i as f32 + 0.5) * side;
        let text = match i {
            0 => "R 1 long ago".to_string(),
            4 => "R 5 recent".to_string(),
            _ => format!("R {}", i + 1),
        };
        painter.text(pos2(x, rect.bottom()), Align2::CENTER_BOTTOM, text, font.clone(), t.text.muted);
        let y = rect.top() + (4 - i) as f32 * height + height / 2.0;
        let galley = painter.layout_no_wrap(format!("F {}", i + 1), font.clone(), t.text.muted);
        let at = pos2(rect.left() - 1.0, y + galley.size().x / 2.0);
        painter.add(egui::epaint::TextShape::new(at, galley, t.text.muted).with_angle(-std::f32::consts::FRAC_PI_2));
    }
}

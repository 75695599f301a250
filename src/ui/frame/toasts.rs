//! Notices that come and go in the corner.

use std::time::Duration;

use egui::{Context, FontId, RichText, vec2};
use egui_material_icons::icons::{ICON_CHECK_CIRCLE, ICON_ERROR};
use egui_notify::{Anchor, Toasts};

use crate::app::Notice;
use crate::ui::theme::Theme;
use crate::ui::widgets::state::{brief, sentence};

/// Longest line of a notice, in characters; the toast does not wrap by itself.
const LINE: usize = 64;

pub fn new(t: &Theme) -> Toasts {
    Toasts::default()
        .with_anchor(Anchor::BottomRight)
        .with_margin(vec2(t.space.m, t.frame.status + t.space.m))
        .with_padding(vec2(t.space.m, t.space.m))
        .with_default_font(FontId::proportional(t.font.body))
}

/// Shows a notice; bad news stays longer.
pub fn add(toasts: &mut Toasts, notice: Notice, t: &Theme) {
    let (icon, color, secs) =
        if notice.good { (ICON_CHECK_CIRCLE, t.state.good, 3) } else { (ICON_ERROR, t.state.bad, 9) };
    let text = RichText::new(wrap(&brief(&sentence(&notice.text)).0)).size(t.font.body).color(t.text.normal);
    let toast = toasts.custom(text, icon.codepoint.to_string(), color);
    toast.closable(false).show_progress_bar(false).duration(Duration::from_secs(secs));
}

pub fn show(toasts: &mut Toasts, ctx: &Context) {
    toasts.show(ctx);
}

fn wrap(text: &str) -> String {
    let mut out = String::new();
    let mut length = 0;
    for word in text.split_whitespace() {
        let n = word.chars().count();
        if length > 0 {
            out.push(if length + n > LINE { '\n' } else { ' ' });
            length = if length + n > LINE { 0 } else { length + 1 };
        }
        out.push_str(word);
        length += n;
    }
    out
}

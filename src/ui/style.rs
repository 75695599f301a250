//! Hands the design tokens and the fonts to egui.

use std::sync::Arc;

use egui::epaint::Shadow;
use egui::style::{ScrollAnimation, WidgetVisuals};
use egui::{
    CornerRadius, FontData, FontDefinitions, FontFamily, FontId, Margin, Stroke, Style, TextStyle, Visuals, vec2,
};

use super::theme::Theme;

/// The family of headings and of what is to stand out.
pub fn semibold() -> FontFamily {
    FontFamily::Name("semibold".into())
}

/// Sets fonts and both themes; once per context.
pub fn install(ctx: &egui::Context) {
    let mut fonts = FontDefinitions::default();
    let regular = FontData::from_static(include_bytes!("../../assets/fonts/Inter-Regular.ttf"));
    let bold = FontData::from_static(include_bytes!("../../assets/fonts/Inter-SemiBold.ttf"));
    fonts.font_data.insert("inter".into(), Arc::new(regular));
    fonts.font_data.insert("inter-semibold".into(), Arc::new(bold));
    let mut fallback = fonts.families.get(&FontFamily::Proportional).cloned().unwrap_or_default();
    fallback.insert(0, "inter".into());
    let mut heavy = fallback.clone();
    heavy.insert(0, "inter-semibold".into());
    fonts.families.insert(FontFamily::Proportional, fallback);
    fonts.families.insert(semibold(), heavy);
    ctx.set_fonts(fonts);
    egui_material_icons::initialize(ctx);
    ctx.set_style_of(egui::Theme::Dark, style(true));
    ctx.set_style_of(egui::Theme::Light, style(false));
    ctx.options_mut(|o| o.zoom_with_keyboard = true);
}

/// Seconds in which things appear and go.
const ANIMATION_SECS: f32 = 0.1;

/// Lets things appear and go at once, or over a moment.
pub fn move_or_not(ctx: &egui::Context, still: bool) {
    let wanted = if still { 0.0 } else { ANIMATION_SECS };
    if ctx.style_of(ctx.theme()).animation_time != wanted {
        ctx.all_styles_mut(|style| {
            style.animation_time = wanted;
            style.scroll_animation = if still { ScrollAnimation::none() } else { ScrollAnimation::default() };
        });
    }
}

fn style(dark: bool) -> Style {
    let t = Theme::get(dark);
    let mut style = Style { visuals: visuals(t, dark), animation_time: ANIMATION_SECS, ..Style::default() };
    let (f, s) = (&t.font, &t.space);
    style.text_styles = [
        (TextStyle::Body, FontId::proportional(f.body)),
        (TextStyle::Button, FontId::proportional(f.body)),
        (TextStyle::Small, FontId::proportional(f.small)),
        (TextStyle::Monospace, FontId::monospace(f.small)),
        (TextStyle::Heading, FontId::new(f.title, semibold())),
    ]
    .into();
    style.drag_value_text_style = TextStyle::Body;
    let spacing = &mut style.spacing;
    spacing.item_spacing = vec2(s.s, s.s);
    spacing.button_padding = vec2(10.0_f32.min(s.m), 5.0_f32.min(s.s));
    spacing.interact_size = vec2(t.shape.control, t.shape.control - s.xs);
    spacing.menu_margin = Margin::same(s.s as i8);
    spacing.window_margin = Margin::same(s.l as i8);
    spacing.combo_width = 80.0;
    spacing.tooltip_width = 380.0;
    spacing.slider_width = 180.0;
    spacing.slider_rail_height = s.xs;
    spacing.icon_width = f.icon;
    spacing.scroll.floating = true;
    spacing.scroll.bar_width = s.s;
    spacing.scroll.fade.strength = 0.0;
    style.interaction.selectable_labels = false;
    style.interaction.tooltip_delay = 0.35;
    style.visuals.button_frame = true;
    style
}

fn visuals(t: &Theme, dark: bool) -> Visuals {
    let mut v = if dark { Visuals::dark() } else { Visuals::light() };
    let radius = CornerRadius::same(t.shape.radius as u8);
    let line = Stroke::new(t.shape.hairline, t.bg.line);
    let widget = |fill, stroke, text| WidgetVisuals {
        bg_fill: fill,
        weak_bg_fill: fill,
        bg_stroke: stroke,
        corner_radius: radius,
        fg_stroke: Stroke::new(t.shape.hairline, text),
        expansion: 0.0,
    };
    v.widgets.noninteractive = widget(t.bg.card, line, t.text.normal);
    v.widgets.inactive = widget(t.bg.card, line, t.text.normal);
    v.widgets.hovered = widget(t.bg.hover, Stroke::new(t.shape.hairline, t.text.faint), t.text.normal);
    v.widgets.active = widget(t.bg.hover, Stroke::new(t.shape.hairline, t.accent.normal), t.text.normal);
    v.widgets.open = widget(t.bg.hover, Stroke::new(t.shape.hairline, t.accent.normal), t.text.normal);
    v.weak_text_color = Some(t.text.muted);
    v.selection.bg_fill = t.accent.soft;
    v.selection.stroke = Stroke::new(t.shape.hairline, t.accent.normal);
    v.hyperlink_color = t.accent.normal;
    v.faint_bg_color = t.bg.card;
    v.extreme_bg_color = t.bg.input;
    v.text_edit_bg_color = Some(t.bg.input);
    v.code_bg_color = t.bg.card;
    v.warn_fg_color = t.state.warn;
    v.error_fg_color = t.state.bad;
    v.panel_fill = t.bg.panel;
    v.window_fill = t.bg.card;
    v.window_stroke = line;
    v.window_corner_radius = CornerRadius::same((t.shape.radius + t.space.xs) as u8);
    v.menu_corner_radius = radius;
    let shadow = Shadow { offset: [0, t.space.xs as i8], blur: t.space.l as u8, spread: 0, color: t.plot.shadow };
    v.window_shadow = shadow;
    v.popup_shadow = shadow;
    v.striped = false;
    v.slider_trailing_fill = true;
    v.indent_has_left_vline = false;
    v
}

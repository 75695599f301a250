//! The window: drawing only. Panels read [`crate::app`] and return actions; colours and sizes come from
//! `assets/theme/`.

mod cache;
mod catalogue;
mod frame;
mod glossary;
mod panels;
mod scene;
mod style;
mod theme;
mod tokens;
mod widgets;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use egui_notify::Toasts;

use crate::app::{Action, App, NewFileAction, ThemeChoice};
use crate::format;
use crate::project::is_project;
use crate::recipe::Numbers;
use cache::Cache;
pub use frame::explain::Filled;
use scene::Scene;
use theme::Theme;

/// How long the messages of the worker may keep a frame waiting.
const DRAIN_BUDGET: Duration = Duration::from_millis(10);

/// Opens the window, on a file if one is given, and returns when it is closed.
///
/// # Errors
/// When the system offers no window, for example without a display.
pub fn run(open: Option<PathBuf>) -> anyhow::Result<()> {
    let viewport = egui::ViewportBuilder::default()
        .with_title("Quintile")
        .with_app_id("quintile")
        .with_inner_size([1280.0, 800.0])
        .with_min_inner_size([1080.0, 640.0])
        .with_drag_and_drop(true);
    let options = eframe::NativeOptions { viewport, renderer: eframe::Renderer::Glow, ..Default::default() };
    let start = Box::new(move |cc: &eframe::CreationContext<'_>| {
        let mut window = Window::new(&cc.egui_ctx);
        if let Some(file) = crate::app::settings_file() {
            window.app.keep_settings_in(file);
        }
        crate::app::settings::use_threads(&window.app.settings);
        if let Some(folder) = crate::app::work_folder() {
            window.app.keep_work_in(folder);
        }
        if let Some(path) = open {
            window.app.open(&path);
        }
        Ok(Box::new(window) as Box<dyn eframe::App>)
    });
    eframe::run_native("Quintile", options, start).map_err(|e| anyhow::anyhow!("the window cannot be opened: {e}"))
}

/// The window's state and what drawing it needs.
pub struct Window {
    pub app: App,
    cache: Cache,
    toasts: Toasts,
    /// The window's title as it was set last.
    title: String,
    /// How the texts in the cache write numbers.
    numbers: Numbers,
}

impl Window {
    /// An empty window; sets fonts and themes of `ctx`.
    pub fn new(ctx: &egui::Context) -> Window {
        style::install(ctx);
        let wake = {
            let ctx = ctx.clone();
            move || ctx.request_repaint()
        };
        let app = App::new(wake);
        let toasts = frame::toasts::new(Theme::get(app.view.dark));
        Window { app, cache: Cache::default(), toasts, title: String::new(), numbers: format::numbers() }
    }

    /// Takes in what happened elsewhere; draws nothing.
    fn logic(&mut self, ctx: &egui::Context) {
        if self.app.drain(DRAIN_BUDGET) {
            ctx.request_repaint();
        }
        for notice in self.app.take_notices() {
            frame::toasts::add(&mut self.toasts, notice, Theme::get(self.app.view.dark));
        }
        // Charts and sentences that were made before are written in the old way.
        if self.numbers != format::numbers() {
            self.numbers = format::numbers();
            let shown = self.cache.shown.take();
            self.cache.clear();
            self.cache.shown = shown;
            self.app.explorer.forget();
        }
        match self.app.session.findings() {
            Some(findings) if self.cache.shown.as_ref().is_none_or(|s| !Arc::ptr_eq(s, findings)) => {
                self.cache.shown = Some(findings.clone());
            }
            None if self.app.session.rfm.get().is_none() && self.cache.shown.is_some() => self.cache.clear(),
            _ => {}
        }
    }

    /// What the drawer says about the panel in front, drawn or not.
    pub fn explanation(&mut self, ctx: &egui::Context) -> Filled {
        frame::explain::filled(ctx, &mut Scene::new(&mut self.app, &mut self.cache))
    }

    /// Says in the window's title what is open, and whether it is saved.
    fn entitle(&mut self, ctx: &egui::Context) {
        let dot = if self.app.project.unsaved { " •" } else { "" };
        let title = match self.app.project_name() {
            Some(name) => format!("{name}{dot} – Quintile"),
            None => "Quintile".into(),
        };
        if title != self.title {
            ctx.send_viewport_cmd(egui::ViewportCommand::Title(title.clone()));
            self.title = title;
        }
    }

    /// Draws one frame into `ui`, which is the whole window.
    pub fn ui(&mut self, ui: &mut egui::Ui) {
        let ctx = ui.ctx().clone();
        self.logic(&ctx);
        if self.app.settings.theme == ThemeChoice::System {
            self.app.view.dark = ctx.system_theme() != Some(egui::Theme::Light);
        }
        style::move_or_not(&ctx, self.app.settings.still);
        let wanted = if self.app.view.dark { egui::Theme::Dark } else { egui::Theme::Light };
        if ctx.theme() != wanted {
            ctx.set_theme(wanted);
            ctx.request_repaint();
        }
        let view = &self.app.view;
        let over = view.palette_open || view.frame.sheet.is_some() || view.frame.history_open;
        for command in frame::keys::take(&ctx, over) {
            self.app.apply(Action::Command(command));
        }
        if let Some(text) = frame::keys::pasted(&ctx) {
            self.app.apply(Action::Paste(text));
        }
        if self.app.take_clipboard_request() {
            ctx.send_viewport_cmd(egui::ViewportCommand::RequestPaste);
        }
        let mut scene = Scene::new(&mut self.app, &mut self.cache);
        frame::top_bar::show(ui, &mut scene);
        frame::strip::show(ui, &mut scene);
        frame::status_bar::show(ui, &mut scene);
        frame::rail::show(ui, &mut scene);
        frame::explain::show(ui, &mut scene);
        panels::show(ui, &mut scene);
        frame::project::notes(ui, &mut scene);
        frame::palette::show(ui, &mut scene);
        frame::sheets::show(ui, &mut scene);
        let t = Theme::get(scene.view.dark);
        let dropped = frame::drop::take(&ctx, t);
        // A segment map dropped where maps are looked at is one; anything else is opened.
        let map = panels::takes_map(&scene, &dropped);
        if scene.new_file.shown && !dropped.is_empty() && !dropped.iter().any(|path| is_project(path)) {
            scene.act(NewFileAction::Look(dropped).into());
        } else if map {
            dropped.into_iter().for_each(|path| scene.act(Action::OpenMap(Some(path))));
        } else if !dropped.is_empty() {
            scene.act(Action::OpenAll(dropped));
        }
        for action in scene.into_actions() {
            self.app.apply(action);
        }
        self.app.end_frame();
        self.entitle(&ctx);
        frame::toasts::show(&mut self.toasts, &ctx);
    }
}

impl eframe::App for Window {
    fn logic(&mut self, ctx: &egui::Context, _frame: &mut eframe::Frame) {
        Window::logic(self, ctx);
    }

    fn ui(&mut self, ui: &mut egui::Ui, _frame: &mut eframe::Frame) {
        Window::ui(self, ui);
    }

    fn clear_color(&self, _visuals: &egui::Visuals) -> [f32; 4] {
        Theme::get(self.app.view.dark).bg.app.to_normalized_gamma_f32()
    }
}

//! Charts over all customers: made at once for few, elsewhere for many, with the last one shown meanwhile.

use std::rc::Rc;

use egui::Ui;

use crate::ui::cache::Same;
use crate::ui::scene::Scene;

/// So many rows take a few milliseconds at most.
const AT_ONCE: usize = 30_000;

/// The value of `slot` for `input`; while it is made on another thread, the one before it.
pub fn of<K, V>(
    ui: &Ui,
    scene: &mut Scene,
    slot: &'static str,
    input: K,
    rows: usize,
    make: impl FnOnce(&K) -> V + Send + 'static,
) -> Option<Rc<V>>
where
    K: Same + Clone + Send + 'static,
    V: Send + 'static,
{
    if rows <= AT_ONCE {
        return Some(scene.cache.get(slot, input, make));
    }
    scene.cache.follow(slot, input, ui.ctx(), move |input, _| Some(make(input))).value
}

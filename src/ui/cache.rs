//! What drawing needs and findings do not hold: histograms, sorted orders, projected points. Each is made
//! once per input and kept until the input is another one; nothing here is computed twice for one finding.

use std::any::Any;
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use crossbeam_channel::{Receiver, Sender, unbounded};

use crate::app::{Axes, LessonAxes, LinesView, Sort};
use crate::clean::steps::SpellingMethod;
use crate::ctx::Ctx;
use crate::pipeline::Findings;
use crate::recipe::StepKind;
use crate::ui::panels::segments::MapKept;
use crate::ui::widgets::chart::Kept;

/// Whether two inputs are the same one: the same allocation for shared findings, equality for small values.
pub trait Same {
    fn same(&self, other: &Self) -> bool;
}

impl<T: ?Sized> Same for Arc<T> {
    fn same(&self, other: &Self) -> bool {
        Arc::ptr_eq(self, other)
    }
}

impl<T: Same> Same for Option<T> {
    fn same(&self, other: &Self) -> bool {
        match (self, other) {
            (Some(a), Some(b)) => a.same(b),
            (None, None) => true,
            _ => false,
        }
    }
}

macro_rules! same_by_value {
    ($($kind:ty),+) => { $(impl Same for $kind { fn same(&self, other: &Self) -> bool { self == other } })+ };
}
same_by_value!(usize, u32, u64, bool, Axes, LessonAxes, LinesView, Sort, Vec<u32>, String, StepKind, SpellingMethod);

impl<A: Same, B: Same> Same for (A, B) {
    fn same(&self, other: &Self) -> bool {
        self.0.same(&other.0) && self.1.same(&other.1)
    }
}

impl<A: Same, B: Same, C: Same> Same for (A, B, C) {
    fn same(&self, other: &Self) -> bool {
        self.0.same(&other.0) && self.1.same(&other.1) && self.2.same(&other.2)
    }
}

/// A value with the input it was made from. Keeping the input alive makes sure that no other finding can take
/// its address.
struct Slot {
    input: Box<dyn Any>,
    value: Rc<dyn Any>,
    /// Whether it is all of it; a part is shown until there is more, and is no answer.
    whole: bool,
}

/// A value on its way from another thread.
struct Arrived {
    slot: &'static str,
    input: Box<dyn Any + Send>,
    value: Box<dyn Any + Send>,
    /// Whether more of it is to come.
    part: bool,
}

/// Work on the input of a slot that follows what somebody types.
struct Following {
    input: Box<dyn Any>,
    cancel: Arc<AtomicBool>,
    /// The share done, 0–1, in millionths.
    share: Arc<AtomicU32>,
    /// It came to nothing without being asked to stop; not tried again for the same input.
    failed: bool,
}

/// What a slot that follows its input has.
pub struct Followed<V> {
    /// The last value that was made, perhaps from an earlier input.
    pub value: Option<Rc<V>>,
    /// Whether it was made from the present input, and wholly.
    pub current: bool,
    /// While it is being made: the share done, 0–1.
    pub share: Option<f32>,
}

/// Inputs of up to this many rows take a few milliseconds at most, so they are not worth a thread.
const ROWS_AT_ONCE: usize = 30_000;

/// Derived values by slot; a slot holds one value.
pub struct Cache {
    slots: HashMap<&'static str, Slot>,
    /// What other threads are making.
    pending: HashMap<&'static str, Box<dyn Any>>,
    following: HashMap<&'static str, Following>,
    sender: Sender<Arrived>,
    receiver: Receiver<Arrived>,
    /// The last complete analysis: what the panels after the search show while another one is under way.
    pub shown: Option<Arc<Findings>>,
    /// Charts laid out.
    pub charts: Kept,
    /// Pictures of the map.
    pub map: MapKept,
}

impl Default for Cache {
    fn default() -> Self {
        let (sender, receiver) = unbounded();
        Cache {
            slots: HashMap::new(),
            pending: HashMap::new(),
            following: HashMap::new(),
            sender,
            receiver,
            shown: None,
            charts: Kept::default(),
            map: MapKept::default(),
        }
    }
}

impl Cache {
    /// The value of `slot` for `input`, made now if it was made from another input or never. Only for what takes
    /// well under a frame, however large the data.
    pub fn get<K: Same + 'static, V: 'static>(
        &mut self,
        slot: &'static str,
        input: K,
        make: impl FnOnce(&K) -> V,
    ) -> Rc<V> {
        self.known(slot, &input).unwrap_or_else(|| {
            let value = Rc::new(make(&input));
            self.slots.insert(slot, Slot { input: Box::new(input), value: value.clone(), whole: true });
            value
        })
    }

    /// The same for what takes longer than a frame on many rows: made on another thread then, and `None` until it
    /// is there; `ctx` is asked to draw again.
    pub fn get_later<K, V>(
        &mut self,
        slot: &'static str,
        input: K,
        rows: usize,
        ctx: &egui::Context,
        make: impl FnOnce(&K) -> V + Send + 'static,
    ) -> Option<Rc<V>>
    where
        K: Same + Clone + Send + 'static,
        V: Send + 'static,
    {
        if rows <= ROWS_AT_ONCE {
            return Some(self.get(slot, input, make));
        }
        self.receive::<K, V>(slot);
        if let Some(value) = self.known(slot, &input) {
            return Some(value);
        }
        let on_its_way = self.pending.get(slot).and_then(|p| p.downcast_ref::<K>()).is_some_and(|p| p.same(&input));
        if !on_its_way {
            self.pending.insert(slot, Box::new(input.clone()));
            let (sender, ctx) = (self.sender.clone(), ctx.clone());
            std::thread::spawn(move || {
                let value = make(&input);
                // A window that was closed meanwhile misses nothing.
                let _ = sender.send(Arrived { slot, input: Box::new(input), value: Box::new(value), part: false });
                ctx.request_repaint();
            });
        }
        None
    }

    /// The same for an input that changes while it is worked on, such as a step being typed: always on another thread,
    /// one at a time. Work on an input that is no longer the present one is asked to stop (`make` ends with `None`
    /// then), and meanwhile the last value stays.
    pub fn follow<K, V>(
        &mut self,
        slot: &'static str,
        input: K,
        ctx: &egui::Context,
        make: impl FnOnce(&K, &Ctx) -> Option<V> + Send + 'static,
    ) -> Followed<V>
    where
        K: Same + Clone + Send + 'static,
        V: Send + 'static,
    {
        self.follow_parts(slot, input, ctx, |input, ctx, _| make(input, ctx))
    }

    /// The same for what can be looked at before it is done: `make` hands each stage of it to its last argument, which
    /// shows it in place of the one before.
    pub fn follow_parts<K, V>(
        &mut self,
        slot: &'static str,
        input: K,
        ctx: &egui::Context,
        make: impl FnOnce(&K, &Ctx, &dyn Fn(V)) -> Option<V> + Send + 'static,
    ) -> Followed<V>
    where
        K: Same + Clone + Send + 'static,
        V: Send + 'static,
    {
        self.receive_followed::<K, V>(slot);
        let same = |f: &Following| f.input.downcast_ref::<K>().is_some_and(|i| i.same(&input));
        // A part is known for the same input while the rest is on its way.
        let under_way = self.following.get(slot).is_some_and(&same);
        if let Some(value) = self.known(slot, &input).filter(|_| !under_way) {
            return Followed { value: Some(value), current: true, share: None };
        }
        let start = match self.following.get(slot) {
            None => true,
            Some(f) if same(f) => false,
            Some(f) => {
                f.cancel.store(true, Ordering::Relaxed);
                f.failed
            }
        };
        if start {
            let (cancel, share) = (Arc::<AtomicBool>::default(), Arc::<AtomicU32>::default());
            let following = Following {
                input: Box::new(input.clone()),
                cancel: cancel.clone(),
                share: share.clone(),
                failed: false,
            };
            self.following.insert(slot, following);
            let (sender, ctx, input) = (self.sender.clone(), ctx.clone(), input.clone());
            std::thread::spawn(move || {
                let window = ctx.clone();
                let report = move |done: f32| {
                    share.store((done * 1e6) as u32, Ordering::Relaxed);
                    window.request_repaint();
                };
                let part = |value: V| {
                    let (input, value): (Box<K>, Box<Option<V>>) = (Box::new(input.clone()), Box::new(Some(value)));
                    let _ = sender.send(Arrived { slot, input, value, part: true });
                    ctx.request_repaint();
                };
                let work =
                    std::panic::AssertUnwindSafe(|| make(&input, &Ctx::new(cancel, Some(Arc::new(report))), &part));
                let value: Option<V> = std::panic::catch_unwind(work).ok().flatten();
                // A window that was closed meanwhile misses nothing.
                let _ = sender.send(Arrived { slot, input: Box::new(input), value: Box::new(value), part: false });
                ctx.request_repaint();
            });
        }
        let under_way = self.following.get(slot).filter(|f| same(f) && !f.failed);
        let share = under_way.map(|f| f.share.load(Ordering::Relaxed) as f32 / 1e6);
        Followed { value: self.last(slot), current: false, share }
    }

    /// Asks what a slot follows to stop; for what nobody looks at any more.
    pub fn leave(&mut self, slot: &'static str) {
        if let Some(f) = self.following.get(slot) {
            f.cancel.store(true, Ordering::Relaxed);
        }
    }

    fn receive_followed<K: 'static, V: 'static>(&mut self, wanted: &'static str) {
        let arrived: Vec<Arrived> = self.receiver.try_iter().collect();
        for Arrived { slot, input, value, part } in arrived {
            if slot != wanted {
                let _ = self.sender.send(Arrived { slot, input, value, part });
            } else if let (Ok(input), Ok(value)) = (input.downcast::<K>(), value.downcast::<Option<V>>()) {
                match (*value, self.following.get_mut(slot)) {
                    (None, Some(f)) if !f.cancel.load(Ordering::Relaxed) => f.failed = true,
                    (None, _) => {
                        self.following.remove(slot);
                    }
                    (Some(value), f) => {
                        // A part of what is no longer wanted is not worth a look.
                        if part && f.is_none_or(|f| f.cancel.load(Ordering::Relaxed)) {
                            continue;
                        }
                        if !part {
                            self.following.remove(slot);
                        }
                        self.slots.insert(slot, Slot { input, value: Rc::new(value), whole: !part });
                    }
                }
            }
        }
    }

    /// Takes in what other threads made; values of other slots wait for their own call.
    fn receive<K: 'static, V: 'static>(&mut self, wanted: &'static str) {
        let arrived: Vec<Arrived> = self.receiver.try_iter().collect();
        for Arrived { slot, input, value, part } in arrived {
            if slot != wanted {
                let _ = self.sender.send(Arrived { slot, input, value, part });
            } else if let (Ok(input), Ok(value)) = (input.downcast::<K>(), value.downcast::<V>()) {
                self.pending.remove(slot);
                self.slots.insert(slot, Slot { input, value: Rc::<V>::from(value), whole: true });
            }
        }
    }

    fn known<K: Same + 'static, V: 'static>(&self, slot: &'static str, input: &K) -> Option<Rc<V>> {
        let known = self.slots.get(slot).filter(|s| s.whole)?;
        known.input.downcast_ref::<K>().filter(|k| k.same(input))?;
        known.value.clone().downcast::<V>().ok()
    }

    /// What `slot` holds, whatever it was made from.
    pub fn last<V: 'static>(&self, slot: &'static str) -> Option<Rc<V>> {
        self.slots.get(slot)?.value.clone().downcast::<V>().ok()
    }

    /// Forgets everything; another file was opened.
    pub fn clear(&mut self) {
        *self = Cache::default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_rows_are_left_to_another_thread() {
        let mut cache = Cache::default();
        let ctx = egui::Context::default();
        let input = Arc::new(vec![1u64, 2]);
        let mut ask =
            |rows| cache.get_later("sum", (input.clone(), 0usize), rows, &ctx, |(v, _)| v.iter().sum::<u64>());
        assert_eq!(ask(ROWS_AT_ONCE + 1), None);
        let start = std::time::Instant::now();
        let sum = loop {
            if let Some(sum) = ask(ROWS_AT_ONCE + 1) {
                break sum;
            }
            assert!(start.elapsed().as_secs() < 30, "the value never came");
            std::thread::yield_now();
        };
        assert_eq!(*sum, 3);
    }

    #[test]
    fn following_stops_work_that_is_no_longer_wanted_and_keeps_the_last_value() {
        let mut cache = Cache::default();
        let ctx = egui::Context::default();
        let mut ask = |input: u64, patient: bool| {
            let found = cache.follow("text", input, &ctx, move |&input, ctx| {
                // Without being asked to stop, this would go on for ever.
                while !patient && ctx.tick(0, 1).is_ok() {
                    std::thread::yield_now();
                }
                patient.then_some(input * 2)
            });
            (found.value.map(|v| *v), found.current)
        };
        let start = std::time::Instant::now();
        let mut until = |input, patient, wanted| {
            while ask(input, patient) != wanted {
                assert!(start.elapsed().as_secs() < 30, "the value never came");
                std::thread::yield_now();
            }
        };
        until(1, true, (Some(2), true));
        until(2, false, (Some(2), false));
        until(3, true, (Some(6), true));
    }

    #[test]
    fn a_part_is_shown_but_never_taken_for_the_whole() {
        let mut cache = Cache::default();
        let ctx = egui::Context::default();
        let until = |cache: &mut Cache, stays: bool, wanted| {
            let start = std::time::Instant::now();
            loop {
                let found = cache.follow_parts("picture", 1u64, &ctx, move |&input, ctx, part| {
                    part(input);
                    while stays && ctx.tick(0, 1).is_ok() {
                        std::thread::yield_now();
                    }
                    (!stays).then_some(input * 2)
                });
                if (found.value.map(|v| *v), found.current) == wanted {
                    break;
                }
                assert!(start.elapsed().as_secs() < 30, "the value never came");
                std::thread::yield_now();
            }
        };
        until(&mut cache, true, (Some(1), false));
        cache.leave("picture");
        // Asked for again, it is made to its end.
        until(&mut cache, false, (Some(2), true));
    }

    #[test]
    fn a_value_is_made_once_per_input() {
        let mut cache = Cache::default();
        let (a, b) = (Arc::new(vec![1, 2]), Arc::new(vec![1, 2]));
        let mut made = 0;
        let mut sum = |cache: &mut Cache, of: &Arc<Vec<i32>>| {
            *cache.get("sum", (of.clone(), 3usize), |(v, _)| {
                made += 1;
                v.iter().sum::<i32>()
            })
        };
        assert_eq!(sum(&mut cache, &a), 3);
        assert_eq!(sum(&mut cache, &a), 3);
        sum(&mut cache, &b);
        assert_eq!(made, 2, "an equal but different input is another input");
    }
}

//! What drawing needs and findings do not hold: histograms, sorted orders, projected points. Each is made
//! once per input and kept until the input is another one; nothing here is computed twice for one finding.

use std::any::Any;
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use crate::app::{Axes, Sort};
use crate::pipeline::Findings;

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
same_by_value!(usize, u64, bool, Axes, Sort, Vec<u32>);

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

/// Derived values by slot. A slot holds one value, with the input it was made from; keeping the input alive
/// makes sure that no other finding can take its address.
#[derive(Default)]
pub struct Cache {
    slots: HashMap<&'static str, (Box<dyn Any>, Rc<dyn Any>)>,
    /// The last complete analysis: what the panels after the search show while another one is under way.
    pub shown: Option<Arc<Findings>>,
}

impl Cache {
    /// The value of `slot` for `input`, made now if it was made from another input or never.
    pub fn get<K: Same + 'static, V: 'static>(
        &mut self,
        slot: &'static str,
        input: K,
        make: impl FnOnce(&K) -> V,
    ) -> Rc<V> {
        if let Some((of, value)) = self.slots.get(slot)
            && of.downcast_ref::<K>().is_some_and(|known| known.same(&input))
            && let Ok(value) = value.clone().downcast::<V>()
        {
            return value;
        }
        let value = Rc::new(make(&input));
        self.slots.insert(slot, (Box::new(input), value.clone()));
        value
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

//! Runs the stages, reusing what is already known.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

use super::{Findings, Key, Keys, Stage, StageOutput};
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::recipe::Recipe;
use crate::{clean, cluster, features, format, intake, profile, reduce, rfm};

/// Findings kept per stage, those in force included, so that undo and a slider moved back are instant.
const KEPT_PER_STAGE: usize = 4;
/// Tables are large; only the last two are kept.
const KEPT_TABLES: usize = 2;

/// Whoever wants to know how a run goes: the worker, the command line, a test. Called from the thread
/// that runs the pipeline; `progress` from any thread.
pub trait Watch: Send + Sync {
    /// A stage starts computing (not called for findings that are reused).
    fn started(&self, _stage: Stage, _key: Key) {}
    /// The share of a stage that is done, 0–1.
    fn progress(&self, _stage: Stage, _share: f32) {}
    /// A part of a stage's findings, to look at meanwhile; from any thread.
    fn part(&self, _stage: Stage, _key: Key, _output: StageOutput) {}
    /// Everything is there but the findings of [`Stage::Judge`], which come last.
    fn ready(&self, _findings: &Findings) {}
    /// A stage's findings are there. `secs` is `None` when they were reused.
    fn done(&self, _stage: Stage, _key: Key, _output: &StageOutput, _secs: Option<f64>) {}
}

/// Watches nothing.
pub struct Unwatched;
impl Watch for Unwatched {}

/// Why a run stopped, and where.
#[derive(Debug, Clone, PartialEq)]
pub struct Stopped {
    pub stage: Stage,
    pub key: Key,
    pub error: Error,
}

/// The pipeline and its memory.
#[derive(Default)]
pub struct Pipeline {
    /// Newest last.
    cache: Vec<(Stage, Key, StageOutput)>,
    /// What is known of single ks, under the keys of [`Keys::per_k`] and [`Keys::per_k_checked`]; newest last.
    ks: Vec<(Key, cluster::Known)>,
    checked: Vec<(Key, cluster::KnownChecks)>,
}

/// One run: what its stages have in common.
struct Run<'a> {
    pipeline: &'a mut Pipeline,
    keys: Keys,
    cancel: Arc<AtomicBool>,
    watch: Arc<dyn Watch>,
    durations: Vec<(Stage, f64)>,
}

/// Runs one stage through [`Run::stage`] and unwraps the variant of the same name.
macro_rules! stage {
    ($run:expr, $variant:ident, $compute:expr) => {{
        let output = $run.stage(Stage::$variant, |ctx| Ok(StageOutput::$variant(Arc::new($compute(ctx)?))))?;
        match output {
            StageOutput::$variant(found) => found,
            _ => unreachable!("the cache is keyed by stage"),
        }
    }};
}

impl Pipeline {
    /// A pipeline that knows nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Runs every stage whose findings are not known under `recipe`. Stops at the first stage that fails;
    /// what came before stays known. Setting `cancel` stops within 100 ms.
    pub fn run(
        &mut self,
        recipe: &Arc<Recipe>,
        cancel: Arc<AtomicBool>,
        watch: Arc<dyn Watch>,
    ) -> std::result::Result<Findings, Stopped> {
        let keys = Keys::of(recipe);
        format::write_numbers_as(recipe.presentation.numbers);
        recipe.check().map_err(|error| Stopped { stage: Stage::Intake, key: keys.get(Stage::Intake), error })?;
        let run = &mut Run { pipeline: self, keys, cancel, watch, durations: Vec::new() };

        let intake = stage!(run, Intake, |ctx: &Ctx| intake::read(&recipe.input, ctx));
        let prepared = stage!(run, Prepare, |ctx: &Ctx| clean::prepare(&intake.table, &recipe.clean.steps, ctx));
        let roles = stage!(run, Roles, |ctx: &Ctx| intake::roles::find(&prepared.table, &recipe.roles, ctx));
        // A table with one row per customer goes straight to the waist.
        let of_customers = roles.shape.is_of_customers();
        let clean = stage!(run, Clean, |ctx: &Ctx| {
            let cleaned = if of_customers {
                rfm::clean_customers(&prepared, &roles, ctx)
            } else {
                clean::clean_prepared(&prepared, &roles, &recipe.clean, recipe.rfm.snapshot, ctx)
            };
            cleaned.map(|mut out| {
                if let Some(sign) = &recipe.presentation.currency {
                    out.currency = Some(sign.clone()).filter(|sign| !sign.is_empty());
                }
                out
            })
        });
        let counted = stage!(run, Rfm, |ctx: &Ctx| if of_customers {
            rfm::Given { table: &prepared.left(), roles: &roles, clean: &clean }
                .customers(&features::without_appended(recipe), ctx)
        } else {
            rfm::rfm_of(&clean, &recipe.rfm, &recipe.clean, &recipe.customers, ctx)
        });
        let rfm = stage!(run, Enrich, |ctx: &Ctx| features::enrich(
            &features::Known { prepared: &prepared, roles: &roles, clean: &clean },
            &counted,
            recipe,
            ctx
        ));
        let wanted = rfm.features(&recipe.features);
        let matrix = stage!(run, Features, |ctx: &Ctx| features::matrix(&rfm.customers, &wanted, ctx));
        let value = rfm.values();
        let data = cluster::Data { x: matrix.x.view(), words: &matrix.words };
        let mut ks = taken(&mut run.pipeline.ks, keys.per_k(recipe));
        let (key, parts) = (keys.get(Stage::Search), run.watch.clone());
        let part = move |found| parts.part(Stage::Search, key, StageOutput::Search(Arc::new(found)));
        let search = run.stage(Stage::Search, |ctx| {
            let found = cluster::search_in(&data, value, &recipe.cluster, &mut ks.1, &part, ctx);
            Ok(StageOutput::Search(Arc::new(found?)))
        });
        kept(&mut run.pipeline.ks, ks);
        let StageOutput::Search(search) = search? else { unreachable!("the cache is keyed by stage") };
        let chosen = stage!(run, Cluster, |ctx: &Ctx| cluster::choose_in(&search, &data, value, &recipe.cluster, ctx));
        let pca = stage!(run, Reduce, |ctx: &Ctx| reduce::pca(matrix.x.view(), ctx));
        let patterns = profile::Patterns::of(&recipe.segments);
        let measured = stage!(run, Profile, |ctx: &Ctx| {
            let patterns = patterns.as_ref().map_err(Clone::clone)?;
            profile::profiles(&rfm, &matrix, &chosen, clean.currency.as_deref(), patterns, ctx)
        });
        let named =
            stage!(run, Name, |ctx: &Ctx| profile::named(&measured, &rfm.customers, &recipe.segments.named, ctx));
        let window_days = recipe.rfm.window_days;
        let known = profile::Known {
            prepared: &prepared,
            roles: &roles,
            clean: &clean,
            rfm: &rfm,
            matrix: &matrix,
            window_days,
        };
        let portraits = stage!(run, Portray, |ctx: &Ctx| {
            let patterns = patterns.as_ref().map_err(Clone::clone)?;
            // Names have no say in it, so that giving one is instant.
            profile::portray(&known, &chosen, &measured, patterns, ctx)
        });
        let compared = run.stage(Stage::Compare, |ctx| {
            let found = rfm::compare(&prepared, &roles, &clean, &counted, recipe, ctx);
            Ok(StageOutput::Compare(Arc::new(found?)))
        });
        // A date that cannot be compared with is no reason to hide the segments; it is told at the end.
        let (migration, not_compared) = match compared {
            Ok(StageOutput::Compare(found)) => (found, None),
            Ok(_) => unreachable!("the cache is keyed by stage"),
            Err(stopped) if stopped.error == Error::Cancelled => return Err(stopped),
            Err(stopped) => (Arc::new(None), Some(stopped)),
        };

        let mut findings = Findings {
            recipe: recipe.clone(),
            intake,
            prepared,
            roles,
            clean,
            rfm: rfm.clone(),
            matrix: matrix.clone(),
            search: search.clone(),
            chosen,
            pca,
            profiles: named.profiles.clone(),
            resting: named.resting.clone(),
            portraits,
            migration,
            checks: None,
            durations: run.durations.clone(),
        };
        run.watch.ready(&findings);
        let mut checked = taken(&mut run.pipeline.checked, keys.per_k_checked(recipe));
        let (key, parts) = (keys.get(Stage::Judge), run.watch.clone());
        let part = move |found| parts.part(Stage::Judge, key, StageOutput::Judge(Arc::new(found)));
        let checks = run.stage(Stage::Judge, |ctx| {
            let found = cluster::judge(&data, &search, &recipe.cluster, &mut checked.1, &part, ctx);
            Ok(StageOutput::Judge(Arc::new(found?)))
        });
        kept(&mut run.pipeline.checked, checked);
        let StageOutput::Judge(checks) = checks? else { unreachable!("the cache is keyed by stage") };
        if let Some(stopped) = not_compared {
            return Err(stopped);
        }
        findings.checks = Some(checks);
        findings.durations = std::mem::take(&mut run.durations);
        Ok(findings)
    }

    fn known(&mut self, stage: Stage, key: Key) -> Option<StageOutput> {
        let at = self.cache.iter().position(|(s, k, _)| *s == stage && *k == key)?;
        let entry = self.cache.remove(at);
        let output = entry.2.clone();
        self.cache.push(entry);
        Some(output)
    }

    fn keep(&mut self, stage: Stage, key: Key, output: StageOutput) {
        self.cache.push((stage, key, output));
        let allowed = if stage <= Stage::Prepare { KEPT_TABLES } else { KEPT_PER_STAGE };
        while self.cache.iter().filter(|(s, ..)| *s == stage).count() > allowed {
            if let Some(oldest) = self.cache.iter().position(|(s, ..)| *s == stage) {
                self.cache.remove(oldest);
            }
        }
    }
}

/// What is known under `key`, taken out of `list`; nothing yet where there is no such key.
fn taken<T: Default>(list: &mut Vec<(Key, T)>, key: Key) -> (Key, T) {
    let at = list.iter().position(|(k, _)| *k == key);
    at.map_or_else(|| (key, T::default()), |at| list.remove(at))
}

/// Puts it back as the newest.
fn kept<T>(list: &mut Vec<(Key, T)>, entry: (Key, T)) {
    list.push(entry);
    if list.len() > KEPT_PER_STAGE {
        list.remove(0);
    }
}

impl Run<'_> {
    fn stage(
        &mut self,
        stage: Stage,
        compute: impl FnOnce(&Ctx) -> Result<StageOutput>,
    ) -> std::result::Result<StageOutput, Stopped> {
        let key = self.keys.get(stage);
        if let Some(output) = self.pipeline.known(stage, key) {
            self.watch.done(stage, key, &output, None);
            self.durations.push((stage, 0.0));
            return Ok(output);
        }
        let watch = self.watch.clone();
        let ctx = Ctx::new(self.cancel.clone(), Some(Arc::new(move |share| watch.progress(stage, share))));
        let start = Instant::now();
        let computed = guarded(stage.name(), || {
            self.watch.started(stage, key);
            ctx.tick(0, 1)?;
            compute(&ctx)
        });
        let output = computed.map_err(|error| Stopped { stage, key, error })?;
        let secs = start.elapsed().as_secs_f64();
        self.durations.push((stage, secs));
        self.pipeline.keep(stage, key, output.clone());
        self.watch.done(stage, key, &output, Some(secs));
        Ok(output)
    }
}

/// Runs `work`; a panic becomes [`Error::Panic`] with the name of what was going on.
pub fn guarded<T>(what: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|payload| {
        let message = payload
            .downcast_ref::<&str>()
            .map(|s| s.to_string())
            .or_else(|| payload.downcast_ref::<String>().cloned())
            .unwrap_or_else(|| "no message".into());
        Err(Error::Panic { stage: what.into(), message })
    })
}

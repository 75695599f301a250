//! `summary.json`: the whole analysis in figures, for programs. Its names only ever grow.

use std::io::Write;

use serde::ser::{Serialize, SerializeMap, Serializer};

use super::directory::Failure;
use super::placement::Settings;
use super::scoring::{Axis, Moves, Scoring};
use super::sql;
use crate::clean::FunnelStep;
use crate::cluster::{KChecks, KScores, Vote, readings};
use crate::intake::{InputReport, Role};
use crate::pipeline::{Findings, Stage};
use crate::profile::{Portrait, Profile, Rule};
use crate::rfm::{Feature, Unit};

#[derive(serde::Serialize)]
struct Summary<'a> {
    version: u32,
    /// Names of the files that the run wrote beside each other, this one included; empty for a summary on its own.
    files: &'a [String],
    input: &'a [InputReport],
    /// What one row of the file stands for, and why it was taken so.
    shape: &'a str,
    shape_reason: &'a str,
    roles: Roles<'a>,
    /// After each step; the first is the file as read.
    funnel: Vec<&'a FunnelStep>,
    /// `null` where the table came with recency counted, or without.
    snapshot_date: Option<String>,
    first_date: Option<String>,
    last_date: Option<String>,
    currency: Option<&'a str>,
    customers: usize,
    frequency_of: Option<&'a str>,
    features: Vec<&'a str>,
    transform: &'a str,
    scale: &'a str,
    /// How each clustered feature was prepared.
    prepared: Vec<Prepared<'a>>,
    /// How the clusters were found.
    algorithm: Settings<'a>,
    k: K<'a>,
    clusters: Vec<Cluster<'a>>,
    /// How well the rules of the clusters tell them apart.
    rules: Fidelity,
    rfm_segments: Vec<RfmSegment<'a>>,
    /// Which map, how many scores, what binning; `null` without scores.
    rfm: Option<Scoring<'a>>,
    scores: Vec<Axis<'a>>,
    /// `null` where no other date was asked for.
    migration: Option<Moves<'a>>,
    pca: PcaPart<'a>,
    seed: u64,
    /// What was decided where the user decided nothing.
    notes: &'a [String],
    warnings: Vec<String>,
    duration_secs: Durations<'a>,
    peak_memory_bytes: Option<u64>,
}

#[derive(serde::Serialize)]
struct Prepared<'a> {
    feature: &'a str,
    transform: &'a str,
    scale: &'a str,
    weight: f64,
}

#[derive(serde::Serialize)]
struct K<'a> {
    chosen: usize,
    chosen_by: &'a str,
    verdict: &'a str,
    votes: &'a [Vote],
    silhouette_sample: usize,
    search: &'a [KScores],
    /// Every criterion's own best k, and its line of words.
    readings: Vec<Read>,
    /// Gap statistic, stability and prediction strength; `null` where a file was written before they were there.
    checks: Option<&'a KChecks>,
    /// What to know about the way it was computed.
    notes: &'a [String],
}

#[derive(serde::Serialize)]
struct Read {
    criterion: &'static str,
    best: Option<usize>,
    reading: String,
}

/// A segment of the map; what is advised is `null` or empty for one without customers.
#[derive(serde::Serialize)]
struct RfmSegment<'a> {
    segment: &'a str,
    customers: usize,
    #[serde(flatten)]
    advice: Advice<'a>,
    rules: Vec<&'a Rule>,
}

/// What is advised for a segment, why, and the money that it is about.
#[derive(Default, serde::Serialize)]
struct Advice<'a> {
    action: &'a str,
    channel: &'a str,
    reason: &'a str,
    stake: Option<f64>,
    stake_words: Option<&'a str>,
}

impl<'a> Advice<'a> {
    fn of(profile: &'a Profile, portrait: Option<&'a Portrait>) -> Advice<'a> {
        let stake = portrait.and_then(|p| p.stake.as_ref());
        Advice {
            action: &profile.action,
            channel: &profile.channel,
            reason: portrait.map_or("", |p| &p.reason),
            stake: stake.map(|s| s.amount),
            stake_words: stake.map(|s| s.words.as_str()),
        }
    }
}

#[derive(serde::Serialize)]
struct Fidelity {
    fidelity: f64,
    words: String,
}

#[derive(serde::Serialize)]
struct PcaPart<'a> {
    explained_variance_ratio: &'a [f64],
    /// One row per component, one entry per feature.
    loadings: Vec<Vec<f64>>,
}

/// All roles by name, those of tables with one row per customer included; null where there is no column.
struct Roles<'a>(&'a Findings);

impl Serialize for Roles<'_> {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        let mut map = s.serialize_map(None)?;
        for role in Role::ALL {
            map.serialize_entry(role.name(), &self.0.roles.column(role))?;
        }
        let shape = &self.0.roles.shape;
        for (name, column) in
            [("recency", &shape.recency), ("frequency", &shape.frequency), ("monetary", &shape.monetary)]
        {
            map.serialize_entry(name, column)?;
        }
        map.end()
    }
}

/// A cluster with `<feature>_<statistic>` beside its fixed names.
struct Cluster<'a>(&'a Profile, &'a Findings);

impl Serialize for Cluster<'_> {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        let p = self.0;
        let mut map = s.serialize_map(None)?;
        map.serialize_entry("cluster", &p.number)?;
        map.serialize_entry("segment", &p.name)?;
        map.serialize_entry("customers", &p.customers)?;
        map.serialize_entry("share_of_customers", &p.share_of_customers)?;
        map.serialize_entry("revenue", &p.revenue)?;
        map.serialize_entry("share_of_revenue", &p.share_of_revenue)?;
        let features: &[Feature] = &self.1.rfm.customers.features;
        let numbers = p.features.iter().zip(features).filter(|(_, feature)| feature.unit != Unit::Words);
        for (f, _) in numbers {
            for (statistic, value) in
                [("mean", f.mean), ("q1", f.q1), ("median", f.median), ("q3", f.q3), ("difference", f.difference)]
            {
                map.serialize_entry(&format!("{}_{statistic}", f.name), &value)?;
            }
        }
        map.serialize_entry("description", &p.description)?;
        let portraits = &self.1.portraits;
        let advice = Advice::of(p, portraits.clusters.get(p.cluster - 1));
        map.serialize_entry("action", advice.action)?;
        map.serialize_entry("channel", advice.channel)?;
        map.serialize_entry("reason", advice.reason)?;
        map.serialize_entry("stake", &advice.stake)?;
        map.serialize_entry("stake_words", &advice.stake_words)?;
        map.serialize_entry("proposed_name", &p.proposed)?;
        map.serialize_entry("note", &p.note)?;
        let rule = portraits.rules.together(p.cluster - 1);
        map.serialize_entry("rule", &rule.as_ref().map(|r| &r.sentence))?;
        map.serialize_entry("precision", &rule.as_ref().map(|r| r.precision))?;
        map.serialize_entry("coverage", &rule.as_ref().map(|r| r.coverage))?;
        map.serialize_entry("rules", &portraits.rules.of(p.cluster - 1).collect::<Vec<_>>())?;
        map.end()
    }
}

/// Seconds per stage, and their total (writing the files is not part of it).
struct Durations<'a>(&'a [(Stage, f64)]);

impl Serialize for Durations<'_> {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        let mut map = s.serialize_map(None)?;
        for (stage, secs) in self.0 {
            map.serialize_entry(stage.name(), secs)?;
        }
        map.serialize_entry("total", &self.0.iter().map(|(_, secs)| secs).sum::<f64>())?;
        map.end()
    }
}

/// Writes the summary, indented for people who look into it.
pub(super) fn write(findings: &Findings, files: &[String], out: &mut dyn Write) -> Result<(), Failure> {
    let rfm = &findings.rfm;
    let mut counts = vec![0; rfm.map.segments.len()];
    for &segment in &rfm.segment {
        counts[segment as usize] += 1;
    }
    let summary = Summary {
        version: 1,
        files,
        input: &findings.intake.reports,
        shape: findings.roles.shape.shape.name(),
        shape_reason: &findings.roles.shape.reason,
        roles: Roles(findings),
        // A step that is off and removed nothing is no step of this analysis.
        funnel: rfm
            .funnel
            .iter()
            .enumerate()
            .filter(|(i, s)| s.on || s.rows != rfm.funnel[i.saturating_sub(1)].rows)
            .map(|(_, s)| s)
            .collect(),
        snapshot_date: rfm.snapshot.map(|day| day.to_string()),
        first_date: rfm.first_day.map(|day| day.to_string()),
        last_date: rfm.last_day.map(|day| day.to_string()),
        currency: findings.clean.currency.as_deref(),
        customers: rfm.customers.len(),
        frequency_of: (!rfm.frequency_of.is_empty()).then_some(rfm.frequency_of),
        features: findings.matrix.columns.iter().map(|c| c.name.as_str()).collect(),
        transform: findings.recipe.features.transform.name(),
        scale: findings.recipe.features.scale.name(),
        prepared: findings
            .matrix
            .columns
            .iter()
            .map(|c| Prepared {
                feature: &c.name,
                transform: c.transform.name(),
                scale: c.scale.name(),
                weight: c.weight,
            })
            .collect(),
        algorithm: Settings::of(findings),
        k: K {
            chosen: findings.chosen.clustering.clusters(),
            chosen_by: &findings.chosen.chosen_by,
            verdict: findings.verdict(),
            votes: &findings.search.votes,
            silhouette_sample: findings.search.silhouette_sample,
            search: &findings.search.rows,
            readings: readings(&findings.search, findings.checks.as_deref())
                .into_iter()
                .map(|r| Read { criterion: r.name, best: r.best, reading: r.line })
                .collect(),
            checks: findings.checks.as_deref(),
            notes: &findings.search.notes,
        },
        clusters: findings.profiles.iter().map(|p| Cluster(p, findings)).collect(),
        rules: Fidelity {
            fidelity: findings.portraits.rules.fidelity,
            words: findings.portraits.rules.told(&findings.profiles),
        },
        rfm_segments: rfm
            .map
            .segments
            .iter()
            .zip(counts)
            // Without scores there are no segments to count.
            .filter(|_| !rfm.segment.is_empty())
            .map(|(segment, customers)| {
                let portraits = &findings.portraits;
                let at = portraits.rfm.iter().position(|p| p.name == segment.name);
                let advice = at.map(|i| Advice::of(&portraits.rfm[i], portraits.rfm_portraits.get(i)));
                let rules = at.map(|i| portraits.rfm_rules.of(i).collect());
                RfmSegment {
                    segment: &segment.name,
                    customers,
                    advice: advice.unwrap_or_default(),
                    rules: rules.unwrap_or_default(),
                }
            })
            .collect(),
        rfm: Scoring::of(findings),
        scores: Axis::all(findings),
        migration: findings.migration.as_ref().as_ref().map(Moves::of),
        pca: PcaPart {
            explained_variance_ratio: &findings.pca.explained_variance_ratio,
            loadings: findings.pca.loadings.rows().into_iter().map(|row| row.to_vec()).collect(),
        },
        seed: findings.recipe.cluster.seed,
        notes: &rfm.notes,
        warnings: [findings.warnings(), sql::warnings(findings)].concat(),
        duration_secs: Durations(&findings.durations),
        peak_memory_bytes: peak_memory_bytes(),
    };
    serde_json::to_writer_pretty(&mut *out, &summary).map_err(std::io::Error::from)?;
    out.write_all(b"\n")?;
    Ok(())
}

/// The most memory that this process has held so far; known on Linux only.
fn peak_memory_bytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|l| l.strip_prefix("VmHWM:"))?;
    let kib: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kib * 1024)
}

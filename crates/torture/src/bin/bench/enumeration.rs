//! Whether a stranger learns by the clock who has an account, where strict protection is on: the same question about somebody known
//! and somebody unknown, in turns.

use crate::sample::median;
use crate::world::World;
use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use std::path::Path;
use std::process::Command;
use verger_torture::{Backend, PASSWORD, Stopwatch, Visitor, find_binary};

/// Pairs of each question.
const PAIRS: usize = 150;
const SLUG: &str = "quiet";
const KNOWN: &str = "known@bench.test";
const UNKNOWN: &str = "nobody@bench.test";

/// What one question tells.
#[derive(Clone, Debug)]
pub(crate) struct Told {
    /// Which question.
    pub(crate) question: &'static str,
    /// How far the medians are apart, in milliseconds.
    pub(crate) apart: f64,
    /// How often a guess by the slower of two answers is right: one half is as good as none.
    pub(crate) auc: f64,
}

/// Asks every question.
///
/// # Errors
/// When something does not run.
pub(crate) async fn measure(world: &World) -> Result<Vec<Told>> {
    let key = quiet_app(world.data.path())?;
    let backend = Backend { door: world.backend.door.clone(), key };
    backend.post("/v1/users", &json!({ "email_address": [KNOWN], "password": PASSWORD })).await?.ok()?;
    let mut all = Vec::new();
    all.push(ask(world, "naming somebody", 200, "sign_ins", |who| vec![("identifier", who)]).await?);
    let guess = |who| vec![("identifier", who), ("strategy", "password"), ("password", "not the password")];
    all.push(ask(world, "a wrong password", 422, "sign_ins", guess).await?);
    let taken = |who| vec![("email_address", who), ("password", PASSWORD)];
    all.push(ask(world, "signing up", 200, "sign_ups", taken).await?);
    Ok(all)
}

/// An instance with strict protection beside the first one; its secret key. Its users are not locked, so that every guess is
/// looked at.
fn quiet_app(data: &Path) -> Result<String> {
    let settings = data.join("quiet.json");
    let protection = json!({ "enumeration_protection": "strict", "lockout": { "enabled": false } });
    std::fs::write(&settings, json!({ "attack_protection": protection }).to_string())?;
    let mut command = Command::new(find_binary()?);
    command.args(["apps", "create", SLUG, "--json", "--settings"]).arg(settings).arg("--data-dir").arg(data);
    let output = command.output()?;
    ensure!(output.status.success(), "no instance: {}", String::from_utf8_lossy(&output.stderr));
    let told: Value = serde_json::from_slice(&output.stdout)?;
    told["secret_key"].as_str().map(str::to_owned).context("the new instance has a secret key")
}

async fn ask<'a>(
    world: &World,
    question: &'static str,
    status: u16,
    what: &str,
    fields: impl Fn(&'a str) -> Vec<(&'a str, &'a str)>,
) -> Result<Told> {
    let path = format!("/i/{SLUG}/v1/client/{what}");
    let mut browsers = [Visitor::new(&world.frontend), Visitor::new(&world.frontend)];
    let mut times = [Vec::with_capacity(PAIRS), Vec::with_capacity(PAIRS)];
    for turn in 0..2 * PAIRS + 4 {
        // Each pair begins with the other one, and the first two warm up.
        let who = (turn / 2 + turn) % 2;
        let watch = Stopwatch::start();
        let answer = browsers[who].post(&path, &fields([KNOWN, UNKNOWN][who])).await?;
        let passed = watch.elapsed().as_secs_f64() * 1000.0;
        ensure!(answer.status == status, "{question}: status {}", answer.status);
        if turn >= 4 {
            times[who].push(passed);
        }
    }
    let [known, unknown] = &times;
    let apart = (median(known.iter().copied()) - median(unknown.iter().copied())).abs();
    Ok(Told { question, apart, auc: auc(known, unknown) })
}

/// The area under the curve of a classifier that goes by time alone, whichever of both is slower.
fn auc(a: &[f64], b: &[f64]) -> f64 {
    let wins =
        a.iter().flat_map(|x| b.iter().map(move |y| if x > y { 1.0 } else { f64::from(u8::from(x == y)) / 2.0 }));
    let share = wins.sum::<f64>() / (a.len() * b.len()) as f64;
    share.max(1.0 - share)
}

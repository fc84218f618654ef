//! The table at the end.

use crate::bare;
use crate::enumeration::Told;
use crate::idle::Idle;
use crate::sample::{Pair, Round, Sample, median};
use crate::world::CONNECTIONS;
use std::fmt::Write;
use std::time::Duration;

const MINT_AIM: f64 = 0.80;
const USER_AIM: f64 = 0.20;
const SIGN_IN_AIM: f64 = 0.90;
const P99_AIM: Duration = Duration::from_millis(25);
const RESIDENT_AIM: f64 = 24.0;
const RESIDENT_LIMIT: f64 = 32.0;
/// What the load may leave behind: a hash in every thread that hashes, and room for everything else.
const MIB_PER_HASH: f64 = 19.0;
const MIB_FOR_WORK: f64 = 32.0;
const START_AIM_MS: f64 = 300.0;
/// How far the answers about a known and an unknown identifier may be apart, and how well a guess by the clock may do: a coin has 50.
const APART_AIM: f64 = 3.0;
const AUC_AIM: f64 = 60.0;

/// Every measure with its aim.
pub(crate) fn render(rounds: &[Round], idle: &Idle, told: &[Told]) -> String {
    let mut out = String::new();
    let (threads, hashing) = (bare::threads(), bare::hash_threads());
    let rounds_of =
        format!("medians of {} rounds; bare signatures on {threads} threads, bare hashes on {hashing}", rounds.len());
    line(&mut out, format_args!("{rounds_of}"));
    line(&mut out, format_args!(""));
    line(
        &mut out,
        format_args!(
            "{:<38} {:>11} {:>9} {:>11} {:>8} {:>8} {:>6}  by the clock, per CPU",
            "", "server/s", "p99 ms", "bare/s", "clock", "per CPU", "aim"
        ),
    );
    for (name, aim, pick) in ratios() {
        line(&mut out, format_args!("{}", ratio_line(name, aim, rounds, pick)));
    }
    line(&mut out, format_args!(""));
    let p99 = |pick: fn(&Round) -> &Sample| median(rounds.iter().map(|round| millis(pick(round).p99)));
    let aim = format!("< {}", P99_AIM.as_millis());
    let (full, beside) = (p99(|round| &round.mint.server), p99(|round| &round.sign_in.refreshes));
    let limit = millis(P99_AIM);
    plain(&mut out, "token refresh p99 at full load, ms", full, &aim, met(full < limit));
    plain(&mut out, "token refresh p99 beside sign-ins, ms", beside, &aim, met(beside < limit));
    let memory = match idle.resident {
        mib if mib <= RESIDENT_AIM => "met",
        mib if mib <= RESIDENT_LIMIT => "not met, within the limit of 32",
        _ => "not met, over the limit of 32",
    };
    plain(&mut out, "memory idle, MiB", idle.resident, &format!("<= {RESIDENT_AIM}"), memory);
    plain(&mut out, "  of it anonymous, MiB", idle.anonymous, "", "");
    let most = idle.resident + MIB_PER_HASH * hashing as f64 + MIB_FOR_WORK;
    let bounded = met(idle.after_load <= most);
    plain(&mut out, "memory after the load, MiB", idle.after_load, &format!("<= {most:.0}"), bounded);
    let soon = met(idle.start_ms < START_AIM_MS);
    plain(&mut out, "start to ready on existing data, ms", idle.start_ms, &format!("< {START_AIM_MS}"), soon);
    for told in told {
        let name = format!("{}, known or not, ms apart", told.question);
        plain(&mut out, &name, told.apart, &format!("<= {APART_AIM}"), met(told.apart <= APART_AIM));
        plain(
            &mut out,
            "  right guesses by the clock, %",
            told.auc * 100.0,
            &format!("<= {AUC_AIM}"),
            met(told.auc * 100.0 <= AUC_AIM),
        );
    }
    line(&mut out, format_args!(""));
    notes(&mut out, rounds);
    out
}

type Pick = fn(&Round) -> &Pair;

fn ratios() -> [(&'static str, f64, Pick); 4] {
    [
        ("session token / RS256 signature", MINT_AIM, |round| &round.mint),
        ("GET user by id / bare axum route", USER_AIM, |round| &round.user),
        ("password sign-in / Argon2id", SIGN_IN_AIM, |round| &round.sign_in.alone),
        ("  the same beside token refreshes", SIGN_IN_AIM, |round| &round.sign_in.beside_refreshes),
    ]
}

fn ratio_line(name: &str, aim: f64, rounds: &[Round], pick: Pick) -> String {
    let of = |number: fn(&Pair) -> f64| median(rounds.iter().map(|round| number(pick(round))));
    let (clock, cpu) = (of(Pair::ratio), of(Pair::ratio_per_cpu));
    format!(
        "{name:<38} {:>11.0} {:>9.1} {:>11.0} {:>6.0} % {:>6.0} % {:>4.0} %  {}, {}",
        of(|pair| pair.server.rate()),
        of(|pair| millis(pair.server.p99)),
        of(|pair| pair.bare.rate()),
        clock * 100.0,
        cpu * 100.0,
        aim * 100.0,
        met(clock >= aim),
        met(cpu >= aim)
    )
}

fn notes(out: &mut String, rounds: &[Round]) {
    let micros = |pick: fn(&Round) -> &Sample| median(rounds.iter().map(|round| 1e6 / pick(round).rate_per_cpu()));
    line(
        out,
        format_args!(
            "CPU microseconds of the server per request: token {:.0}, user {:.0}, sign-in {:.0}; bare: signature {:.0}, route {:.0}, hash {:.0}",
            micros(|round| &round.mint.server),
            micros(|round| &round.user.server),
            micros(|round| &round.sign_in.alone.server),
            micros(|round| &round.mint.bare),
            micros(|round| &round.user.bare),
            micros(|round| &round.sign_in.alone.bare),
        ),
    );
    line(
        out,
        format_args!(
            "{CONNECTIONS} connections; 8 sign-ins in flight, beside them {:.0} refreshes/s. By the clock, a server shares the processors with the",
            median(rounds.iter().map(|round| round.sign_in.refreshes.rate()))
        ),
    );
    line(
        out,
        format_args!(
            "load on it, and signatures and hashes do not. Per CPU second of the process only its own work is counted."
        ),
    );
}

fn plain(out: &mut String, name: &str, value: f64, aim: &str, verdict: &str) {
    line(out, format_args!("{name:<38} {value:>11.1} {aim:>9}  {verdict}"));
}

fn line(out: &mut String, text: std::fmt::Arguments<'_>) {
    // Writing to a string does not fail.
    let _ = writeln!(out, "{text}");
}

fn met(is_met: bool) -> &'static str {
    if is_met { "met" } else { "not met" }
}

fn millis(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1000.0
}

//! What a process has used, as the kernel tells it in `/proc`.

use anyhow::{Context, Result};
use std::fs;

/// Ticks of `/proc/<pid>/stat` per second: Linux shows 100 to programs whatever it uses inside.
const TICKS_PER_SECOND: f64 = 100.0;

/// CPU seconds of a process, its finished threads included.
///
/// # Errors
/// When the process is gone.
pub fn cpu_seconds(pid: u32) -> Result<f64> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).with_context(|| format!("process {pid}"))?;
    ticks(&stat).map(|ticks| ticks as f64 / TICKS_PER_SECOND).context("an unknown form of /proc/<pid>/stat")
}

/// User and system time. The program's name in parentheses may hold anything, so the fields are counted from its end.
fn ticks(stat: &str) -> Option<u64> {
    let (_, fields) = stat.rsplit_once(')')?;
    let mut times = fields.split_whitespace().skip(11).map(str::parse::<u64>);
    Some(times.next()?.ok()? + times.next()?.ok()?)
}

/// MiB of a process that are in memory: all of it, and the part that no file stands behind.
///
/// # Errors
/// When the process is gone.
pub fn resident_mib(pid: u32) -> Result<(f64, f64)> {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).with_context(|| format!("process {pid}"))?;
    let line = |name: &str| status.lines().find_map(|line| mib(line.strip_prefix(name)?));
    line("VmRSS:").zip(line("RssAnon:")).context("an unknown form of /proc/<pid>/status")
}

fn mib(kib: &str) -> Option<f64> {
    let number = kib.trim().strip_suffix("kB")?.trim();
    number.parse::<f64>().ok().map(|kib| kib / 1024.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_found_behind_an_odd_name() {
        let stat = "7 (a) b (c) S 1 7 7 0 -1 4194560 200 0 0 0 31 11 0 0 20 0 5 0 100 1 2";
        assert_eq!(ticks(stat), Some(42));
    }

    #[test]
    fn this_process_is_in_memory() {
        let (all, anonymous) = resident_mib(std::process::id()).unwrap();
        assert!(all >= anonymous && anonymous > 0.0, "{all} {anonymous}");
        assert_eq!(mib("   2048 kB"), Some(2.0));
    }
}

//! Development browsers.

use crate::{Lens, word};
use verger_model::Millis;
use verger_model::dev_browser::DevBrowser;
use verger_wire as wire;

/// A development browser with its token, which stands in the place of the id: that is the field clerk-js keeps.
pub fn dev_browser(lens: Lens<'_>, browser: &DevBrowser, token: &str) -> wire::DevBrowser {
    wire::DevBrowser {
        object: word("dev_browser"),
        id: token.to_owned(),
        instance_id: lens.instance.id.to_string(),
        token: token.to_owned(),
        home_origin: browser.home_origin.clone(),
        created_at: rfc3339(browser.created_at),
        updated_at: rfc3339(browser.updated_at),
    }
}

/// A time as RFC 3339 in UTC. clerk-js does not look at it; clients that do want a text here.
fn rfc3339(at: Millis) -> String {
    let (days, millis) = (at.0.div_euclid(86_400_000), at.0.rem_euclid(86_400_000));
    let (year, month, day) = civil(days);
    let (hour, minute, second) = (millis / 3_600_000, millis / 60_000 % 60, millis / 1000 % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{:03}Z", millis % 1000)
}

/// Year, month and day in the Gregorian calendar, from days since 1970-01-01. Years are counted from March, so that the leap
/// day comes last.
fn civil(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let (era, day_of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = era * 400 + year_of_era + i64::from(month <= 2);
    (year, month, day_of_year - (153 * shifted + 2) / 5 + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_as_rfc_3339() {
        for (millis, text) in [
            (0, "1970-01-01T00:00:00.000Z"),
            (1_350_717_320_902, "2012-10-20T07:15:20.902Z"),
            (1_709_164_800_000, "2024-02-29T00:00:00.000Z"),
            (1_767_225_599_999, "2025-12-31T23:59:59.999Z"),
            (-1, "1969-12-31T23:59:59.999Z"),
        ] {
            assert_eq!(rfc3339(Millis(millis)), text);
        }
    }
}

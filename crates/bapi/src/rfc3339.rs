//! Times as the Backend API takes them: RFC 3339. Everywhere else a time is a number of milliseconds.

use verger_model::Millis;

/// The time that an RFC 3339 text says (`2012-10-20T07:15:20.902Z`, or with an offset such as `+02:00`); digits beyond the
/// millisecond are cut off. `None` for anything else.
pub(crate) fn parse(text: &str) -> Option<Millis> {
    let (date, rest) = text.split_at_checked(10)?;
    let (year, month, day) = (number(date.get(..4)?)?, number(date.get(5..7)?)?, number(date.get(8..)?)?);
    let rest = rest.strip_prefix(['T', 't', ' '])?;
    let (clock, rest) = rest.split_at_checked(8)?;
    let (hour, minute, second) = (number(clock.get(..2)?)?, number(clock.get(3..5)?)?, number(clock.get(6..)?)?);
    let marks = [date.as_bytes()[4], date.as_bytes()[7], clock.as_bytes()[2], clock.as_bytes()[5]];
    let in_range = (1..=12).contains(&month) && (1..=days_in(year, month)).contains(&day) && hour < 24 && minute < 60;
    if marks != *b"--::" || !in_range || second > 60 {
        return None;
    }
    let (millis, zone) = fraction(rest)?;
    let secs = days_since_epoch(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second - offset(zone)?;
    Some(Millis(secs * 1000 + millis))
}

/// A number written in digits only (`str::parse` would take a sign).
fn number(text: &str) -> Option<i64> {
    text.bytes().all(|b| b.is_ascii_digit()).then(|| text.parse().ok())?
}

/// Milliseconds of the fraction, if there is one, and what follows it.
fn fraction(text: &str) -> Option<(i64, &str)> {
    let Some(rest) = text.strip_prefix('.') else { return Some((0, text)) };
    let end = rest.bytes().position(|b| !b.is_ascii_digit()).unwrap_or(rest.len());
    if end == 0 {
        return None;
    }
    let digits: String = rest[..end].chars().chain("00".chars()).take(3).collect();
    Some((number(&digits)?, &rest[end..]))
}

/// Seconds east of UTC.
fn offset(zone: &str) -> Option<i64> {
    if matches!(zone, "Z" | "z") {
        return Some(0);
    }
    let sign = match zone.as_bytes().first()? {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let (hour, minute) = zone[1..].split_once(':')?;
    let (hour, minute) = (two_digits(hour)?, two_digits(minute)?);
    (hour < 24 && minute < 60).then_some(sign * (hour * 3600 + minute * 60))
}

fn two_digits(text: &str) -> Option<i64> {
    (text.len() == 2).then(|| number(text))?
}

fn days_in(year: i64, month: i64) -> i64 {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days from 1970-01-01 in the proleptic Gregorian calendar. Years are counted from March, so that the leap day comes last.
fn days_since_epoch(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let (era, year_of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_to_the_millisecond() {
        assert_eq!(parse("1970-01-01T00:00:00Z"), Some(Millis(0)));
        assert_eq!(parse("2012-10-20T07:15:20.902Z"), Some(Millis(1_350_717_320_902)));
        assert_eq!(parse("2012-10-20T09:15:20.9029+02:00"), Some(Millis(1_350_717_320_902)));
        assert_eq!(parse("2012-10-20T05:45:20.9-01:30"), Some(Millis(1_350_717_320_900)));
        assert_eq!(parse("2024-02-29T00:00:00Z"), Some(Millis(1_709_164_800_000)));
        assert_eq!(parse("1969-12-31T23:59:59Z"), Some(Millis(-1000)));
    }

    #[test]
    fn what_is_no_rfc_3339_time_is_refused() {
        for text in [
            "",
            "yesterday",
            "2012-10-20",
            "1350717320902",
            "2012-10-20T07:15:20",
            "2012-13-20T07:15:20Z",
            "2023-02-29T07:15:20Z",
            "2012-10-20T24:15:20Z",
            "2012-10-20T07:15:20.Z",
            "2012-10-20T07:15:20+2:00",
            "2012-10-20T07:15:20Zx",
            "+012-10-20T07:15:20Z",
            "2012-1é-20T07:15:20Z",
        ] {
            assert_eq!(parse(text), None, "{text:?}");
        }
    }
}

//! Clerk's dated API versions. Only `views` (output) and `http` (input) look at them.

use std::fmt;

/// A known API version, in order of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ApiVersion {
    /// 2021-02-05: also what a request that states no version gets.
    V2021_02_05,
    /// 2024-10-01
    V2024_10_01,
    /// 2025-03-12
    V2025_03_12,
    /// 2025-04-10: session token v2.
    V2025_04_10,
    /// 2025-11-10
    V2025_11_10,
    /// 2026-05-12: the newest published description.
    V2026_05_12,
}

impl ApiVersion {
    /// Every known version, oldest first.
    pub const ALL: [Self; 6] = [
        Self::V2021_02_05,
        Self::V2024_10_01,
        Self::V2025_03_12,
        Self::V2025_04_10,
        Self::V2025_11_10,
        Self::V2026_05_12,
    ];

    /// The oldest shape: for requests that state nothing (clerk-js 4, backend 0.x and 1.x).
    pub const OLDEST: Self = Self::V2021_02_05;

    /// The newest known shape.
    pub const NEWEST: Self = Self::V2026_05_12;

    /// The date, as it stands in headers and queries.
    pub const fn date(self) -> &'static str {
        match self {
            Self::V2021_02_05 => "2021-02-05",
            Self::V2024_10_01 => "2024-10-01",
            Self::V2025_03_12 => "2025-03-12",
            Self::V2025_04_10 => "2025-04-10",
            Self::V2025_11_10 => "2025-11-10",
            Self::V2026_05_12 => "2026-05-12",
        }
    }

    /// The newest known version not later than `date` (`YYYY-MM-DD`). `None` when the text is no date, or is older than the
    /// first version. SDKs run ahead of the published files, so a date of the future is the newest known shape.
    pub fn at(date: &str) -> Option<Self> {
        let is_date = date.len() == 10
            && date.bytes().enumerate().all(|(i, b)| if i == 4 || i == 7 { b == b'-' } else { b.is_ascii_digit() });
        if !is_date {
            return None;
        }
        Self::ALL.into_iter().rev().find(|version| version.date() <= date)
    }
}

impl fmt::Display for ApiVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.date())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_of_the_future_is_the_newest_shape() {
        assert_eq!(ApiVersion::at("2026-08-20"), Some(ApiVersion::V2026_05_12));
        assert_eq!(ApiVersion::at("2025-03-13"), Some(ApiVersion::V2025_03_12));
    }

    #[test]
    fn what_is_no_date_or_too_old_is_refused() {
        for text in ["2020-12-31", "yesterday", "", "2025/11/10", "2025-11-1"] {
            assert_eq!(ApiVersion::at(text), None, "{text}");
        }
    }
}

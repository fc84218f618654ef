//! How easily a password is guessed: zxcvbn, the estimate that the forms of clerk-js show while somebody types.

use zxcvbn::feedback::Suggestion as Said;
use zxcvbn::zxcvbn;

/// Whoever guesses begins with as many: a password among them is as good as known.
const WELL_KNOWN: u64 = 10_000;

/// What would make a password stronger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Suggestion {
    /// Its name in clerk-js, which translates by it.
    pub code: &'static str,
    /// The same in words.
    pub message: &'static str,
}

/// How a password withstands guessing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Strength {
    /// From 0, guessed at once, to 4.
    pub score: u8,
    /// What would make it stronger; one at least below a score of 4.
    pub suggestions: Vec<Suggestion>,
    /// Whether it is one of the first that anybody tries.
    pub is_well_known: bool,
}

impl Strength {
    /// Judges a password by its first 100 characters. Takes up to some milliseconds of one core.
    pub fn of(password: &str) -> Self {
        let estimate = zxcvbn(password, &[]);
        let score = u8::from(estimate.score());
        let said = estimate.feedback().map(|feedback| feedback.suggestions().to_vec()).unwrap_or_default();
        let mut suggestions: Vec<_> = said.into_iter().map(suggestion).collect();
        if suggestions.is_empty() && score < 4 {
            suggestions.push(suggestion(Said::AddAnotherWordOrTwo));
        }
        // The estimate reads no further, and what follows may be anything.
        let is_whole = password.chars().count() <= 100;
        Self { score, suggestions, is_well_known: is_whole && estimate.guesses() < WELL_KNOWN }
    }
}

fn suggestion(said: Said) -> Suggestion {
    let (code, message) = match said {
        Said::UseAFewWordsAvoidCommonPhrases => ("useWords", "Take several words, but no phrase that others use."),
        Said::NoNeedForSymbolsDigitsOrUppercaseLetters => {
            ("noNeed", "Symbols, digits and upper-case letters are not needed.")
        }
        Said::AddAnotherWordOrTwo => ("anotherWord", "Add a rare word or two."),
        Said::CapitalizationDoesntHelpVeryMuch => ("capitalization", "Capitalize more than the first letter."),
        Said::AllUppercaseIsAlmostAsEasyToGuessAsAllLowercase => {
            ("allUppercase", "Capitalize some letters, but not all.")
        }
        Said::ReversedWordsArentMuchHarderToGuess => ("reverseWords", "A word written backwards is still that word."),
        Said::PredictableSubstitutionsDontHelpVeryMuch => ("l33t", "Putting @ for a, and the like, helps little."),
        Said::UseALongerKeyboardPatternWithMoreTurns => {
            ("longerKeyboardPattern", "Keys next to each other need a longer way with more turns.")
        }
        Said::AvoidRepeatedWordsAndCharacters => ("repeated", "Do not repeat words or characters."),
        Said::AvoidSequences => ("sequences", "Leave out sequences of characters."),
        Said::AvoidRecentYears => ("recentYears", "Leave out years of late."),
        Said::AvoidYearsThatAreAssociatedWithYou => ("associatedYears", "Leave out years that mean something to you."),
        Said::AvoidDatesAndYearsThatAreAssociatedWithYou => {
            ("dates", "Leave out dates and years that mean something to you.")
        }
    };
    Suggestion { code, message }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(strength: &Strength) -> Vec<&str> {
        strength.suggestions.iter().map(|it| it.code).collect()
    }

    #[test]
    fn what_everybody_takes_is_weak_and_well_known() {
        for text in ["password123", "12345678", "qwertyuiop", "aaaaaaaa", "abcdefgh"] {
            let strength = Strength::of(text);
            assert!(strength.is_well_known, "{text}");
            assert_eq!(strength.score, 0, "{text}");
        }
    }

    #[test]
    fn what_nobody_takes_is_strong() {
        for text in ["correct horse battery 9", "kX7#vQ2m!pL9", "an old pass phrase"] {
            let strength = Strength::of(text);
            assert_eq!((strength.score, strength.is_well_known), (4, false), "{text}");
            assert_eq!(codes(&strength), [""; 0], "{text}");
        }
    }

    #[test]
    fn a_weak_password_comes_with_advice() {
        assert_eq!(codes(&Strength::of("Summer2019")), ["anotherWord", "capitalization"]);
        assert_eq!(codes(&Strength::of("tr0ub4dour")), ["anotherWord", "l33t"]);
        assert_eq!(codes(&Strength::of("aaaaaaaa")), ["anotherWord", "repeated"]);
        assert!(!Strength::of("tr0ub4dour").is_well_known);
    }

    #[test]
    fn what_is_almost_strong_comes_with_advice_too() {
        let almost = Strength::of("longenough1");
        assert_eq!((almost.score, codes(&almost)), (3, vec!["anotherWord"]));
    }

    #[test]
    fn what_is_not_read_is_not_judged_well_known() {
        assert!(Strength::of(&"a".repeat(100)).is_well_known);
        assert!(!Strength::of(&("a".repeat(100) + "kX7#vQ2m!pL9")).is_well_known);
    }
}

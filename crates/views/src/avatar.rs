//! The picture of a user who uploaded none: initials on a colour of their own, drawn from the address alone.

use crate::Lens;
use url::form_urlencoded::byte_serialize;
use verger_model::user::Profile;

/// The address of the user's picture. It carries all that [`avatar_svg`] needs, so that nothing is looked up to draw it and
/// another name has another address.
pub(crate) fn image_url(lens: Lens<'_>, profile: &Profile) -> String {
    let initials: String = byte_serialize(initials(profile).as_bytes()).collect();
    format!("{}/v1/avatars/{}.svg?initials={initials}", lens.addresses.frontend_api, profile.user.id)
}

/// One or two letters for a user; none if nothing about them starts with a letter or digit.
fn initials(profile: &Profile) -> String {
    let user = &profile.user;
    let names: String =
        [&user.first_name, &user.last_name].into_iter().flatten().filter_map(|it| initial(it)).collect();
    if !names.is_empty() {
        return names;
    }
    let address = profile.primary_email_address().map(|it| it.value.as_str());
    user.username.as_deref().or(address).and_then(initial).map(String::from).unwrap_or_default()
}

fn initial(text: &str) -> Option<char> {
    let first = text.chars().find(|c| c.is_alphanumeric())?;
    first.to_uppercase().next()
}

/// An SVG of at most two letters or digits (anything else in `initials` is dropped) in white on a gradient chosen by `seed`;
/// a silhouette where nothing is left. The same arguments give the same bytes.
pub fn avatar_svg(initials: &str, seed: &str) -> String {
    let letters: String = initials.chars().filter(|c| c.is_alphanumeric()).take(2).collect();
    let hue = hue(seed);
    let (from, to) = (gradient_stop(hue, 30), gradient_stop(hue + 40, 24));
    let label = if letters.is_empty() { "User" } else { letters.as_str() };
    let figure = if letters.is_empty() {
        r##"<g fill="#fff"><circle cx="32" cy="25" r="10"/><path d="M12 58a20 20 0 0 1 40 0z"/></g>"##.to_owned()
    } else {
        format!(
            r##"<text x="32" y="32" dy=".35em" text-anchor="middle" fill="#fff" font-family="system-ui,sans-serif" font-size="26" font-weight="600">{letters}</text>"##
        )
    };
    format!(
        concat!(
            r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64" width="64" height="64" role="img" aria-label="{label}">"#,
            r#"<defs><linearGradient id="g" x2="1" y2="1"><stop stop-color="{from}"/><stop offset="1" stop-color="{to}"/></linearGradient></defs>"#,
            r#"<rect width="64" height="64" fill="url(#g)"/>{figure}</svg>"#
        ),
        label = label,
        from = from,
        to = to,
        figure = figure,
    )
}

/// Low saturation and lightness keep white letters readable on every hue.
fn gradient_stop(hue: u32, lightness: u32) -> String {
    format!("hsl({},50%,{lightness}%)", hue % 360)
}

/// A hue from any text (FNV-1a).
fn hue(seed: &str) -> u32 {
    seed.bytes().fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)) % 360
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_in_initials_is_dropped() {
        let svg = avatar_svg("<\"&'/>", "user_1");
        assert!(svg.contains(r#"aria-label="User""#), "{svg}");
        let svg = avatar_svg("<script>alert(1)</script>", "user_1");
        assert!(svg.contains(r#"aria-label="sc""#) && !svg.contains("script"), "{svg}");
    }

    #[test]
    fn the_same_user_has_the_same_picture() {
        assert_eq!(avatar_svg("JD", "user_1"), avatar_svg("JD", "user_1"));
        assert_ne!(avatar_svg("JD", "user_1"), avatar_svg("JD", "user_2"));
    }

    #[test]
    fn letters_of_any_script_are_drawn() {
        assert!(avatar_svg("Ææ", "user_1").contains(">Ææ</text>"));
        assert_eq!(initial("  élodie"), Some('É'));
        assert_eq!(initial("🙂"), None);
    }

    /// Relative luminance as the Web Content Accessibility Guidelines define it.
    fn luminance(hue: f64, saturation: f64, lightness: f64) -> f64 {
        let channel = |n: f64| {
            let k = (n + hue / 30.0) % 12.0;
            let c = lightness - saturation * lightness.min(1.0 - lightness) * (k - 3.0).min(9.0 - k).clamp(-1.0, 1.0);
            if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * channel(0.0) + 0.7152 * channel(8.0) + 0.0722 * channel(4.0)
    }

    #[test]
    fn white_letters_are_readable_on_every_hue() {
        for hue in 0..360 {
            let contrast = 1.05 / (luminance(f64::from(hue), 0.5, 0.3) + 0.05);
            assert!(contrast >= 4.5, "hue {hue}: {contrast}");
        }
    }
}

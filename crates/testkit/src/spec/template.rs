//! Matches concrete paths with path templates such as `/v1/users/{user_id}`.

/// `path` without the query, the prefix of an instance (`/i/<slug>`), the `/v1` prefix and a trailing slash: the form in which
/// both APIs are compared.
pub(super) fn canonical(path: &str) -> &str {
    let path = path.split(['?', '#']).next().unwrap_or(path);
    let path = without_instance(path);
    let path = match path.strip_prefix("/v1") {
        Some(rest) if rest.is_empty() || rest.starts_with('/') => rest,
        _ => path,
    };
    path.strip_suffix('/').unwrap_or(path)
}

fn without_instance(path: &str) -> &str {
    let Some(rest) = path.strip_prefix("/i/") else { return path };
    rest.find('/').map_or(path, |at| &rest[at..])
}

/// The canonical template with every parameter name erased, so that `{id}` and `{user_id}` compare equal.
pub(super) fn shape(template: &str) -> String {
    let mut shape = String::new();
    let mut inside = false;
    for c in canonical(template).chars() {
        inside = inside && c != '}';
        if !inside {
            shape.push(c);
        }
        inside = inside || c == '{';
    }
    shape
}

/// How well `template` fits the canonical `path`: per segment 0 for a literal and 1 for a parameter, so that the
/// smallest fit is the most literal one. `None` when it does not fit.
pub(super) fn fit(template: &str, path: &str) -> Option<Vec<u8>> {
    let mut wanted = canonical(template).split('/');
    let mut given = path.split('/');
    let mut fit = Vec::new();
    loop {
        match (wanted.next(), given.next()) {
            (None, None) => return Some(fit),
            (Some(wanted), Some(given)) => fit.push(segment_fit(wanted, given)?),
            _ => return None,
        }
    }
}

fn segment_fit(wanted: &str, given: &str) -> Option<u8> {
    let Some((prefix, rest)) = wanted.split_once('{') else {
        return (wanted == given).then_some(0);
    };
    let (_, suffix) = rest.split_once('}')?;
    let value = given.strip_prefix(prefix)?.strip_suffix(suffix)?;
    (!value.is_empty()).then_some(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prefix_query_and_trailing_slash_do_not_matter() {
        for path in ["/v1/users/", "/users", "/v1/users?limit=1", "/users/?limit=1"] {
            assert_eq!(canonical(path), "/users");
        }
        assert_eq!(canonical("/i/shop/v1/client"), "/client");
        assert_eq!(canonical("/v1"), "");
        assert_eq!(canonical("/v1x/users"), "/v1x/users");
    }

    #[test]
    fn a_literal_fits_better_than_a_parameter() {
        let literal = fit("/v1/users/count", "/users/count");
        let parameter = fit("/v1/users/{user_id}", "/users/count");
        assert!(literal.is_some() && literal < parameter);
    }

    #[test]
    fn a_parameter_is_one_segment_that_is_not_empty() {
        assert_eq!(fit("/users/{id}", "/users/user_1/ban"), None);
        assert_eq!(fit("/users/{id}", "/users/"), None);
        assert_eq!(fit("/users/{id}/ban", "/users/user_1/ban"), Some(vec![0, 0, 1, 0]));
    }

    #[test]
    fn a_parameter_may_have_a_suffix() {
        assert!(fit("/saml/metadata/{id}.xml", "/saml/metadata/c1.xml").is_some());
        assert_eq!(fit("/saml/metadata/{id}.xml", "/saml/metadata/c1"), None);
    }

    #[test]
    fn shapes_ignore_parameter_names() {
        assert_eq!(shape("/v1/users/{user_id}/ban"), shape("/users/{id}/ban"));
        assert_ne!(shape("/v1/users/{user_id}"), shape("/v1/users/count"));
    }
}

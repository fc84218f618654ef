//! What an app must know to find its instance: the environment variables of each SDK. Printed by the command line, written to
//! `.env` files, shown on the landing page.

use std::fmt;
use std::str::FromStr;
use verger_model::address::PublicBase;
use verger_service::Tenant;

/// An SDK with variable names of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Framework {
    /// `@clerk/nextjs` 7 (clerk-js 6 and the components of `@clerk/ui`).
    Nextjs,
    /// `@clerk/nextjs` 6 (clerk-js 5).
    Nextjs6,
    /// `@clerk/react` with Vite.
    React,
    /// `@clerk/express`.
    Express,
    /// `@clerk/astro`.
    Astro,
    /// `@clerk/nuxt`.
    Nuxt,
    /// `@clerk/react-router`.
    ReactRouter,
    /// `@clerk/tanstack-react-start`.
    TanstackStart,
}

impl Framework {
    /// Every one of them.
    pub const ALL: [Self; 8] = [
        Self::Nextjs,
        Self::Nextjs6,
        Self::React,
        Self::Express,
        Self::Astro,
        Self::Nuxt,
        Self::ReactRouter,
        Self::TanstackStart,
    ];

    /// The name on the command line.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Nextjs => "nextjs",
            Self::Nextjs6 => "nextjs-6",
            Self::React => "react",
            Self::Express => "express",
            Self::Astro => "astro",
            Self::Nuxt => "nuxt",
            Self::ReactRouter => "react-router",
            Self::TanstackStart => "tanstack-start",
        }
    }
}

impl FromStr for Framework {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|framework| framework.as_str() == text).ok_or(())
    }
}

/// The variables of one app, and what has to be said beside them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnvBlock {
    /// Names and values, in the order they are written.
    pub variables: Vec<(&'static str, String)>,
    /// Sentences and code for people, written as comments.
    pub notes: Vec<String>,
}

impl fmt::Display for EnvBlock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (name, value) in &self.variables {
            writeln!(f, "{name}={value}")?;
        }
        for note in &self.notes {
            writeln!(f, "# {note}")?;
        }
        Ok(())
    }
}

struct Facts<'a> {
    key: &'a str,
    secret: &'a str,
    backend: &'a str,
    portal: &'a str,
    /// What only an instance without a domain needs, because SDKs derive https addresses from the key.
    local: Option<Local<'a>>,
}

struct Local<'a> {
    proxy: &'a str,
    clerk_js: String,
    ui: String,
}

/// The variables for an app of this instance.
pub fn env_block(framework: Framework, tenant: &Tenant, base: &PublicBase, secret_key: &str) -> EnvBlock {
    let addresses = &tenant.addresses;
    let on_domain = addresses.uat_domain.is_some();
    let major = if framework == Framework::Nextjs6 { 5 } else { 6 };
    // The bundles are the same for every instance: one address lets the browser keep one copy.
    let bundle = |path: &str| format!("{}/npm/@clerk/{path}", base.frontend);
    let local = (!on_domain).then(|| Local {
        proxy: &addresses.frontend_api,
        clerk_js: bundle(&format!("clerk-js@{major}/dist/clerk.browser.js")),
        ui: bundle("ui@1/dist/ui.browser.js"),
    });
    let facts = Facts {
        key: &tenant.publishable_key,
        secret: secret_key,
        backend: &addresses.backend_api,
        portal: &addresses.portal,
        local,
    };
    match framework {
        Framework::Nextjs => nextjs(&facts, true),
        Framework::Nextjs6 => nextjs(&facts, false),
        Framework::React => react(&facts),
        Framework::Express => express(&facts),
        Framework::Astro => astro(&facts),
        Framework::Nuxt => nuxt(&facts),
        Framework::ReactRouter | Framework::TanstackStart => react_router(&facts),
    }
}

/// Collects variables; a value that is absent leaves its name out.
#[derive(Default)]
struct Lines(Vec<(&'static str, String)>);

impl Lines {
    fn set(mut self, name: &'static str, value: &str) -> Self {
        self.0.push((name, value.to_owned()));
        self
    }

    fn local(self, facts: &Facts<'_>, [proxy, clerk_js, ui]: [&'static str; 3]) -> Self {
        let Some(local) = &facts.local else { return self };
        let lines = self.set(proxy, local.proxy).set(clerk_js, &local.clerk_js);
        if ui.is_empty() { lines } else { lines.set(ui, &local.ui) }
    }

    fn with_notes(self, notes: Vec<String>) -> EnvBlock {
        EnvBlock { variables: self.0, notes }
    }
}

fn own_pages(facts: &Facts<'_>) -> String {
    format!("No sign-in page of your own? The server has one: {0}/sign-in and {0}/sign-up", facts.portal)
}

fn nextjs(facts: &Facts<'_>, with_ui: bool) -> EnvBlock {
    let ui = if with_ui { "NEXT_PUBLIC_CLERK_UI_URL" } else { "" };
    Lines::default()
        .set("NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY", facts.key)
        .set("CLERK_SECRET_KEY", facts.secret)
        .set("CLERK_API_URL", facts.backend)
        .local(facts, ["NEXT_PUBLIC_CLERK_PROXY_URL", "NEXT_PUBLIC_CLERK_JS_URL", ui])
        .set("NEXT_PUBLIC_CLERK_TELEMETRY_DISABLED", "1")
        .set("CLERK_TELEMETRY_DISABLED", "1")
        .set("NEXT_PUBLIC_CLERK_SIGN_IN_URL", "/sign-in")
        .set("NEXT_PUBLIC_CLERK_SIGN_UP_URL", "/sign-up")
        .with_notes(vec![own_pages(facts)])
}

fn react(facts: &Facts<'_>) -> EnvBlock {
    let lines = Lines::default()
        .set("VITE_CLERK_PUBLISHABLE_KEY", facts.key)
        .local(facts, ["VITE_CLERK_PROXY_URL", "VITE_CLERK_JS_URL", "VITE_CLERK_UI_URL"]);
    if facts.local.is_none() {
        return lines.with_notes(vec!["<ClerkProvider publishableKey={…} telemetry={false}>".into()]);
    }
    let notes = [
        "@clerk/react reads only the key by itself; pass the rest as props:",
        "<ClerkProvider",
        "  publishableKey={import.meta.env.VITE_CLERK_PUBLISHABLE_KEY}",
        "  proxyUrl={import.meta.env.VITE_CLERK_PROXY_URL}",
        "  __internal_clerkJSUrl={import.meta.env.VITE_CLERK_JS_URL}",
        "  __internal_clerkUIUrl={import.meta.env.VITE_CLERK_UI_URL}",
        "  signInUrl=\"/sign-in\" signUpUrl=\"/sign-up\" telemetry={false}>",
        "@clerk/clerk-react 5 takes clerkJSUrl instead of the two __internal props, with clerk-js@5 in the address.",
    ];
    lines.with_notes(notes.map(str::to_owned).to_vec())
}

fn express(facts: &Facts<'_>) -> EnvBlock {
    server(facts)
        .local(facts, ["CLERK_PROXY_URL", "CLERK_JS_URL", "CLERK_UI_URL"])
        .set("CLERK_TELEMETRY_DISABLED", "1")
        .set("CLERK_SIGN_IN_URL", "/sign-in")
        .with_notes(vec![own_pages(facts)])
}

fn server(facts: &Facts<'_>) -> Lines {
    Lines::default()
        .set("CLERK_PUBLISHABLE_KEY", facts.key)
        .set("CLERK_SECRET_KEY", facts.secret)
        .set("CLERK_API_URL", facts.backend)
}

fn react_router(facts: &Facts<'_>) -> EnvBlock {
    server(facts)
        .local(facts, ["CLERK_PROXY_URL", "CLERK_JS_URL", "CLERK_UI_URL"])
        .set("CLERK_TELEMETRY_DISABLED", "1")
        .set("CLERK_SIGN_IN_URL", "/sign-in")
        .set("CLERK_SIGN_UP_URL", "/sign-up")
        .with_notes(vec![own_pages(facts)])
}

fn astro(facts: &Facts<'_>) -> EnvBlock {
    let lines = Lines::default()
        .set("PUBLIC_CLERK_PUBLISHABLE_KEY", facts.key)
        .set("CLERK_SECRET_KEY", facts.secret)
        .set("CLERK_API_URL", facts.backend)
        .local(facts, ["PUBLIC_CLERK_PROXY_URL", "PUBLIC_CLERK_JS_URL", "PUBLIC_CLERK_UI_URL"])
        .set("PUBLIC_CLERK_TELEMETRY_DISABLED", "1")
        .set("CLERK_TELEMETRY_DISABLED", "1")
        .set("PUBLIC_CLERK_SIGN_IN_URL", "/sign-in")
        .set("PUBLIC_CLERK_SIGN_UP_URL", "/sign-up");
    let mut notes = vec![own_pages(facts)];
    if facts.local.is_some() {
        // The browser part of @clerk/astro 2 does not read the address of the bundle from the environment.
        notes.push("In astro.config, give the addresses to the integration as well:".into());
        notes.push(
            "clerk({ proxyUrl: process.env.PUBLIC_CLERK_PROXY_URL, clerkJSUrl: process.env.PUBLIC_CLERK_JS_URL })"
                .into(),
        );
    }
    lines.with_notes(notes)
}

fn nuxt(facts: &Facts<'_>) -> EnvBlock {
    Lines::default()
        .set("NUXT_PUBLIC_CLERK_PUBLISHABLE_KEY", facts.key)
        .set("NUXT_CLERK_SECRET_KEY", facts.secret)
        .set("NUXT_CLERK_API_URL", facts.backend)
        .local(facts, ["NUXT_PUBLIC_CLERK_PROXY_URL", "NUXT_PUBLIC_CLERK_JS_URL", "NUXT_PUBLIC_CLERK_UI_URL"])
        .set("NUXT_PUBLIC_CLERK_TELEMETRY_DISABLED", "1")
        .set("CLERK_TELEMETRY_DISABLED", "1")
        .set("NUXT_PUBLIC_CLERK_SIGN_IN_URL", "/sign-in")
        .set("NUXT_PUBLIC_CLERK_SIGN_UP_URL", "/sign-up")
        .with_notes(vec![own_pages(facts)])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(local: bool) -> Facts<'static> {
        let local = local.then(|| Local {
            proxy: "http://localhost:4000",
            clerk_js: "http://localhost:4000/npm/@clerk/clerk-js@6/dist/clerk.browser.js".into(),
            ui: "http://localhost:4000/npm/@clerk/ui@1/dist/ui.browser.js".into(),
        });
        Facts { key: "pk_x", secret: "sk_x", backend: "http://localhost:4001", portal: "http://localhost:4000", local }
    }

    fn names(block: &EnvBlock) -> Vec<&'static str> {
        block.variables.iter().map(|(name, _)| *name).collect()
    }

    #[test]
    fn a_local_app_is_told_every_address() {
        assert_eq!(
            names(&nextjs(&facts(true), true)),
            [
                "NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY",
                "CLERK_SECRET_KEY",
                "CLERK_API_URL",
                "NEXT_PUBLIC_CLERK_PROXY_URL",
                "NEXT_PUBLIC_CLERK_JS_URL",
                "NEXT_PUBLIC_CLERK_UI_URL",
                "NEXT_PUBLIC_CLERK_TELEMETRY_DISABLED",
                "CLERK_TELEMETRY_DISABLED",
                "NEXT_PUBLIC_CLERK_SIGN_IN_URL",
                "NEXT_PUBLIC_CLERK_SIGN_UP_URL",
            ]
        );
        assert!(!names(&nextjs(&facts(true), false)).contains(&"NEXT_PUBLIC_CLERK_UI_URL"));
    }

    #[test]
    fn an_app_on_a_domain_needs_no_proxy_and_no_bundle_address() {
        let facts = facts(false);
        let blocks =
            [nextjs(&facts, true), react(&facts), express(&facts), astro(&facts), nuxt(&facts), react_router(&facts)];
        for block in blocks {
            let names = names(&block);
            assert!(!names.iter().any(|name| name.contains("PROXY") || name.contains("JS_URL")), "{names:?}");
        }
    }

    #[test]
    fn a_browser_only_app_never_sees_the_secret_key() {
        assert!(!react(&facts(true)).to_string().contains("sk_x"));
    }

    #[test]
    fn every_framework_is_found_by_its_name() {
        for framework in Framework::ALL {
            assert_eq!(framework.as_str().parse(), Ok(framework));
        }
        assert!("angular".parse::<Framework>().is_err());
    }
}

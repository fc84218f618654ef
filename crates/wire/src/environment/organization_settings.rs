//! Organizations.

use crate::Word;
use crate::environment::Enabled;
use serde::{Deserialize, Serialize};

/// Organizations.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrganizationSettings {
    /// Whether there are any.
    pub enabled: bool,
    /// Most members of one.
    pub max_allowed_memberships: i64,
    /// Whether everybody must be in one.
    pub force_organization_selection: bool,
    /// What members may do.
    pub actions: OrganizationActions,
    /// Domains that lead people in.
    pub domains: OrganizationDomains,
    /// Slugs.
    pub slug: OrganizationSlug,
    /// The role of whoever makes one.
    pub creator_role: Word,
    /// Names proposed for a new one.
    pub organization_creation_defaults: OrganizationCreationDefaults,
}

/// What members may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrganizationActions {
    /// Whether administrators may delete it.
    pub admin_delete: bool,
}

/// Domains that lead people in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrganizationDomains {
    /// Whether there are any.
    pub enabled: bool,
    /// `manual_invitation`, `automatic_invitation`, `automatic_suggestion`.
    pub enrollment_modes: Vec<Word>,
    /// The role of whoever comes that way.
    pub default_role: Option<Word>,
}

/// Slugs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrganizationSlug {
    /// Whether there are none.
    pub disabled: bool,
}

/// Names proposed for a new organization.
pub type OrganizationCreationDefaults = Enabled;

//! The one place that decides who may touch whose data. It alone makes the scopes that stores ask for.

use crate::types::{Actor, AdminScope, PersonScope, Role, UserId};

/// Who asks, as a verified token says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Principal {
    /// The token's subject.
    pub user: UserId,
    /// The token's role.
    pub role: Role,
}

/// Whom a route is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// Anyone, without a token.
    Anyone,
    /// The person themselves; an admin for anybody.
    Person,
    /// Aggregates: monitor and admin.
    Monitor,
    /// Admin only.
    Admin,
}

/// Why access was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Denied {
    /// The role has no right to the route.
    Role,
    /// Somebody else's id: answered exactly like an unknown one.
    Unknown,
    /// The body names a user, which only an admin may.
    NamedUser,
}

/// Decides on one person's rows. `path_user` is an id in the path, `named_user` one in the body or query.
///
/// # Errors
/// `Role` for a monitor, `Unknown` for somebody else's path, `NamedUser` when a person names any user in a body.
pub fn for_person(
    principal: Principal,
    path_user: Option<UserId>,
    named_user: Option<UserId>,
) -> Result<PersonScope, Denied> {
    match principal.role {
        Role::Monitor => Err(Denied::Role),
        Role::Admin | Role::Superadmin => {
            let user = path_user.or(named_user).unwrap_or(principal.user);
            let actor = if user == principal.user { Actor::Own } else { Actor::Admin(principal.user) };
            Ok(PersonScope::granted(user, actor))
        }
        Role::Client | Role::Reader if named_user.is_some() => Err(Denied::NamedUser),
        Role::Client | Role::Reader => match path_user {
            Some(user) if user != principal.user => Err(Denied::Unknown),
            _ => Ok(PersonScope::granted(principal.user, Actor::Own)),
        },
    }
}

/// Decides on what belongs to nobody in particular.
///
/// # Errors
/// `Role` unless the role is admin or superadmin, or the audience is the monitors' and the role is monitor.
pub fn for_admin(principal: Principal, audience: Audience) -> Result<AdminScope, Denied> {
    let may = principal.role.is_admin() || (audience == Audience::Monitor && principal.role == Role::Monitor);
    if may { Ok(AdminScope::granted(principal.user)) } else { Err(Denied::Role) }
}

/// Scopes a person for the queue's consumer and for scheduled jobs, whose messages were authorised when taken.
pub fn for_system(user: UserId) -> PersonScope {
    PersonScope::granted(user, Actor::System)
}

/// The right of the scheduled jobs to what belongs to nobody in particular. Their id in the audit trail is no person's.
pub fn for_jobs() -> AdminScope {
    AdminScope::granted(UserId::JOBS)
}

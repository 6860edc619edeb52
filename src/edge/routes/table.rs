//! The list of routes: the only place that says what exists, for whom, and within which limits. The router, the OpenAPI
//! document and the access matrix of the tests are made of it.

use nearside_engine::privacy::Audience;
use nearside_engine::wire::BodyLimits;

/// Where the API lives.
pub const BASE: &str = "/api/v1/personalization";

/// The methods that routes have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Method {
    Get,
    Post,
    Put,
    Delete,
}

/// What a route does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the table's summaries say it")]
pub enum Action {
    Recommend,
    TrackOne,
    TrackMany,
    History,
    ShowProfile,
    SetPreferences,
    Refresh,
    OwnExport,
    Erase,
    GiveFeedback,
    FeedbackHistory,
    ExplainPath,
    WhySeeing,
    ExplainPosted,
    ShowSettings,
    ChangeSettings,
    Switch,
    PutPack,
    ShowPack,
    ChangeCatalogue,
    ShowCatalogue,
    CommitCatalogue,
    ExportInteractions,
    ExportProfiles,
    Health,
    OpenApi,
}

/// One route.
#[derive(Debug, Clone, Copy)]
pub struct Route {
    /// The method.
    pub method: Method,
    /// The path below the base, with at most one `{name}`.
    pub path: &'static str,
    /// For whom.
    pub audience: Audience,
    /// What it does.
    pub action: Action,
    /// The limits of its body; None takes none.
    pub limits: Option<BodyLimits>,
    /// The query's parameters.
    pub query: &'static [&'static str],
    /// One line for the OpenAPI document.
    pub summary: &'static str,
    /// The schema of the body, by name.
    pub request: Option<&'static str>,
    /// The schema of the answer, by name.
    pub response: &'static str,
    /// The status of success.
    pub status: u16,
}

const fn route(
    method: Method,
    path: &'static str,
    audience: Audience,
    action: Action,
    summary: &'static str,
    response: &'static str,
) -> Route {
    Route { method, path, audience, action, limits: None, query: &[], summary, request: None, response, status: 200 }
}

impl Route {
    const fn takes(self, schema: &'static str, limits: BodyLimits) -> Self {
        Self { request: Some(schema), limits: Some(limits), ..self }
    }

    const fn query(self, query: &'static [&'static str]) -> Self {
        Self { query, ..self }
    }

    const fn status(self, status: u16) -> Self {
        Self { status, ..self }
    }
}

use Action as A;
use Audience::{Admin, Anyone, Person};
use Method::{Delete, Get, Post, Put};

/// Every route. What is not here is 404.
pub const ROUTES: &[Route] = &[
    route(Post, "/recommend", Person, A::Recommend, "Order and word what this person should see next", "Decision")
        .takes("RecommendRequest", BodyLimits::BULK),
    route(Post, "/track-interaction", Person, A::TrackOne, "Take one interaction", "TrackReport")
        .takes("Interaction", BodyLimits::SMALL)
        .query(&["sync"])
        .status(202),
    route(Post, "/track-event", Person, A::TrackOne, "Take one interaction", "TrackReport")
        .takes("Interaction", BodyLimits::SMALL)
        .query(&["sync"])
        .status(202),
    route(Post, "/track-interactions", Person, A::TrackMany, "Take up to 1,000 interactions", "TrackReport")
        .takes("TrackBatch", BodyLimits::BULK)
        .query(&["sync"])
        .status(202),
    route(Get, "/interactions/{user_id}", Person, A::History, "History, newest first", "InteractionPage")
        .query(&["after"]),
    route(Get, "/profile/{user_id}", Person, A::ShowProfile, "The profile", "Profile"),
    route(Delete, "/profile/{user_id}", Person, A::Erase, "Erase everything, with a receipt", "ErasureReceipt"),
    route(Put, "/profile/{user_id}/preferences", Person, A::SetPreferences, "State facts and preferences", "Profile")
        .takes("PreferencesUpdate", BodyLimits::SMALL),
    route(Post, "/profile/{user_id}/refresh", Person, A::Refresh, "Rebuild the profile from the log", "Profile"),
    route(Get, "/profile/{user_id}/export", Person, A::OwnExport, "Everything about the person", "PersonExport"),
    route(Post, "/feedback", Person, A::GiveFeedback, "Give feedback", "TrackReport")
        .takes("Feedback", BodyLimits::TEXT)
        .status(202),
    route(Get, "/feedback/{user_id}/history", Person, A::FeedbackHistory, "Feedback, newest first", "FeedbackPage"),
    route(Get, "/explain/{recommendation_id}", Person, A::ExplainPath, "Why this item, now", "Explanation")
        .query(&["scope", "user_id"]),
    route(Get, "/why-seeing-this", Person, A::WhySeeing, "Why this item, now", "Explanation").query(&[
        "recommendation_id",
        "scope",
        "user_id",
    ]),
    route(Post, "/explain", Person, A::ExplainPosted, "Why this item of a posted list, now", "Explanation")
        .takes("ExplainRequest", BodyLimits::BULK),
    route(Get, "/settings", Person, A::ShowSettings, "The switches", "Settings").query(&["user_id"]),
    route(Post, "/settings", Person, A::ChangeSettings, "Change the switches, effective at once", "Settings")
        .takes("SettingsUpdate", BodyLimits::SMALL),
    route(Post, "/admin/features", Admin, A::Switch, "Turn the global switch", "Switch")
        .takes("Switch", BodyLimits::SMALL),
    route(Put, "/packs/{pack}", Admin, A::PutPack, "Check a pack and make it live", "PackReport")
        .takes("Pack", BodyLimits::PACK),
    route(Get, "/packs/{pack}", Admin, A::ShowPack, "The live pack", "Pack"),
    route(Put, "/catalog/{pack}", Admin, A::ChangeCatalogue, "Change the catalogue's draft", "CatalogueReport")
        .takes("CatalogUpload", BodyLimits::BULK),
    route(Get, "/catalog/{pack}", Admin, A::ShowCatalogue, "The live catalogue", "Catalogue"),
    route(
        Post,
        "/catalog/{pack}/commit",
        Admin,
        A::CommitCatalogue,
        "Make the draft a version and the live one",
        "CatalogueReport",
    ),
    route(
        Get,
        "/export/interactions",
        Admin,
        A::ExportInteractions,
        "Interactions of people who share them, and tombstones",
        "Lines",
    )
    .query(&["after"]),
    route(Get, "/export/profiles", Admin, A::ExportProfiles, "Profiles of people who share them", "Lines")
        .query(&["after"]),
    route(Get, "/health", Anyone, A::Health, "Status and versions", "Health"),
    route(Get, "/openapi.json", Anyone, A::OpenApi, "This document", "OpenApi"),
];

/// Finds the route of a method and a path, and the text that stands for its `{name}`.
pub fn find(method: &worker::Method, path: &str) -> Option<(&'static Route, Option<String>)> {
    let method = match method {
        worker::Method::Get => Get,
        worker::Method::Post => Post,
        worker::Method::Put => Put,
        worker::Method::Delete => Delete,
        _ => return None,
    };
    // The document has a second, well-known address.
    let below = if path == "/openapi.json" { path } else { path.strip_prefix(BASE)? };
    // The patterns are few: one look at each takes less than a microsecond.
    ROUTES.iter().filter(|route| route.method == method).find_map(|route| Some((route, matched(route.path, below)?)))
}

/// Compares a path with a pattern; gives the text that stands for the pattern's `{name}`, if it has one. That text is
/// one part of the path, and not empty.
fn matched(pattern: &str, path: &str) -> Option<Option<String>> {
    let Some((head, rest)) = pattern.split_once('{') else { return (pattern == path).then_some(None) };
    let tail = rest.split_once('}').map_or("", |(_, tail)| tail);
    let text = path.strip_prefix(head)?.strip_suffix(tail)?;
    (!text.is_empty() && !text.contains('/')).then(|| Some(text.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_route_is_found_under_its_own_path() {
        for route in ROUTES {
            let method = match route.method {
                Get => worker::Method::Get,
                Post => worker::Method::Post,
                Put => worker::Method::Put,
                Delete => worker::Method::Delete,
            };
            let path = format!("{BASE}{}", route.path.replace('{', "x-").replace('}', ""));
            assert_eq!(find(&method, &path).map(|(found, _)| found.action), Some(route.action), "{path}");
        }
    }

    #[test]
    fn suffixes_and_other_methods_are_not_routes() {
        let paths =
            ["/recommend/", "/recommend/x.css", "/profile", "/Recommend", "/health/../recommend", "/profile//refresh"];
        for path in paths.into_iter().chain(["/profile/a/b/refresh", "/profile/a/refresh/", "/catalog/commit"]) {
            assert!(find(&worker::Method::Post, &format!("{BASE}{path}")).is_none(), "{path}");
        }
        assert!(find(&worker::Method::Patch, &format!("{BASE}/recommend")).is_none());
    }
}

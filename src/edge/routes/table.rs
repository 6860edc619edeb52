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
#[expect(missing_docs, reason = "the summaries of the OpenAPI document say it")]
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
    Collaborative,
    PutModel,
    ShowModels,
    ShowPackModels,
    PromoteModel,
    RollBackModel,
    LogRetraining,
    ModelBlob,
    ModelPerformance,
    AskTraining,
    ShowJobs,
    FinishJob,
    AskEvaluation,
    PutEvaluations,
    ShowEvaluations,
    PutSimilarUsers,
    PutUserModels,
    ShowOverview,
    ShowVariant,
    DecideTests,
    ReportOutcome,
    ShowResults,
    PlanTest,
    ShowTests,
    ShowTest,
    PutTest,
    ValidateTest,
    StartTest,
    StopTest,
    ArchiveTest,
    ForceTesters,
    SetHoldout,
    EvaluateFlag,
    EvaluateFlags,
    Published,
    Health,
    OpenApi,
}

/// One route.
#[derive(Debug, Clone, Copy)]
pub struct Route {
    /// The method.
    pub method: Method,
    /// The path below the base, or for a protocol of others below the root, with at most one `{name}`.
    pub path: &'static str,
    /// True for a path below the root.
    pub is_at_root: bool,
    /// For whom.
    pub audience: Audience,
    /// What it does.
    pub action: Action,
    /// The limits of its body; None takes none.
    pub limits: Option<BodyLimits>,
    /// The query's parameters.
    pub query: &'static [&'static str],
}

const fn route(method: Method, path: &'static str, audience: Audience, action: Action) -> Route {
    Route { method, path, is_at_root: false, audience, action, limits: None, query: &[] }
}

impl Route {
    const fn takes(self, limits: BodyLimits) -> Self {
        Self { limits: Some(limits), ..self }
    }

    const fn at_root(self) -> Self {
        Self { is_at_root: true, ..self }
    }

    /// The whole path.
    #[must_use]
    pub fn full_path(&self) -> String {
        if self.is_at_root { self.path.to_owned() } else { [BASE, self.path].concat() }
    }

    const fn query(self, query: &'static [&'static str]) -> Self {
        Self { query, ..self }
    }
}

use Action as A;
use Audience::{Admin, Anyone, Monitor, Person};
use Method::{Delete, Get, Post, Put};

/// Every route. What is not here is 404.
pub const ROUTES: &[Route] = &[
    route(Post, "/recommend", Person, A::Recommend).takes(BodyLimits::BULK),
    // A receipt is longer than other texts.
    route(Post, "/track-interaction", Person, A::TrackOne).takes(BodyLimits::TEXT).query(&["sync"]),
    route(Post, "/track-event", Person, A::TrackOne).takes(BodyLimits::TEXT).query(&["sync"]),
    route(Post, "/track-interactions", Person, A::TrackMany).takes(BodyLimits::BULK).query(&["sync"]),
    route(Get, "/interactions/{user_id}", Person, A::History).query(&["after"]),
    route(Get, "/profile/{user_id}", Person, A::ShowProfile),
    route(Delete, "/profile/{user_id}", Person, A::Erase),
    route(Put, "/profile/{user_id}/preferences", Person, A::SetPreferences).takes(BodyLimits::SMALL),
    route(Post, "/profile/{user_id}/refresh", Person, A::Refresh),
    route(Get, "/profile/{user_id}/export", Person, A::OwnExport),
    route(Post, "/feedback", Person, A::GiveFeedback).takes(BodyLimits::TEXT),
    route(Get, "/feedback/{user_id}/history", Person, A::FeedbackHistory),
    route(Get, "/explain/{recommendation_id}", Person, A::ExplainPath).query(&["scope", "user_id"]),
    route(Get, "/why-seeing-this", Person, A::WhySeeing).query(&["recommendation_id", "scope", "user_id"]),
    route(Post, "/explain", Person, A::ExplainPosted).takes(BodyLimits::BULK),
    route(Get, "/settings", Person, A::ShowSettings).query(&["user_id"]),
    route(Post, "/settings", Person, A::ChangeSettings).takes(BodyLimits::SMALL),
    route(Post, "/admin/features", Admin, A::Switch).takes(BodyLimits::SMALL),
    route(Put, "/packs/{pack}", Admin, A::PutPack).takes(BodyLimits::PACK).query(&["check"]),
    route(Get, "/packs/{pack}", Admin, A::ShowPack),
    route(Put, "/catalog/{pack}", Admin, A::ChangeCatalogue).takes(BodyLimits::BULK).query(&["check"]),
    route(Get, "/catalog/{pack}", Admin, A::ShowCatalogue),
    route(Post, "/catalog/{pack}/commit", Admin, A::CommitCatalogue).query(&["check"]),
    route(Get, "/export/interactions", Admin, A::ExportInteractions).query(&["after"]),
    route(Get, "/export/profiles", Admin, A::ExportProfiles).query(&["after"]),
    route(Get, "/recommendations/collaborative", Person, A::Collaborative).query(&["scope", "user_id"]),
    route(Put, "/models/{pack}", Admin, A::PutModel).takes(BodyLimits::MODEL),
    route(Get, "/models", Monitor, A::ShowModels),
    route(Get, "/models/{pack}", Monitor, A::ShowPackModels),
    route(Post, "/models/{pack}/promote", Admin, A::PromoteModel).takes(BodyLimits::TEXT),
    route(Post, "/models/{pack}/rollback", Admin, A::RollBackModel).takes(BodyLimits::TEXT),
    route(Post, "/models/{pack}/log", Admin, A::LogRetraining).takes(BodyLimits::BULK),
    route(Get, "/model-blobs/{version}", Admin, A::ModelBlob),
    route(Get, "/model-performance", Monitor, A::ModelPerformance).query(&["pack"]),
    route(Post, "/retrain-models", Admin, A::AskTraining).takes(BodyLimits::TEXT),
    route(Get, "/retrain-models", Admin, A::ShowJobs),
    route(Post, "/retrain-models/{id}", Admin, A::FinishJob).takes(BodyLimits::BULK),
    route(Post, "/admin/evaluate", Admin, A::AskEvaluation).takes(BodyLimits::TEXT),
    route(Put, "/admin/evaluations", Admin, A::PutEvaluations).takes(BodyLimits::PACK),
    route(Get, "/admin/evaluations", Admin, A::ShowEvaluations).query(&["pack"]),
    route(Put, "/admin/similar-users", Admin, A::PutSimilarUsers).takes(BodyLimits::BULK),
    route(Put, "/admin/user-models", Admin, A::PutUserModels).takes(BodyLimits::BULK),
    route(Get, "/admin/overview", Monitor, A::ShowOverview).query(&["days", "pack"]),
    route(Get, "/ab-test/{test_name}/variant", Person, A::ShowVariant).query(&[
        "session_id",
        "device_id",
        "country",
        "device_type",
        "experiments_token",
        "user_id",
    ]),
    route(Post, "/ab-test/decide", Person, A::DecideTests).takes(BodyLimits::TOKEN),
    route(Post, "/ab-test/{test_name}/outcome", Person, A::ReportOutcome).takes(BodyLimits::TOKEN),
    route(Get, "/ab-test/{test_name}/results", Monitor, A::ShowResults).query(&["environment", "segment", "method"]),
    route(Post, "/ab-test/plan", Monitor, A::PlanTest).takes(BodyLimits::SMALL),
    route(Get, "/ab-test", Monitor, A::ShowTests).query(&["environment"]),
    route(Get, "/ab-test/{test_name}", Monitor, A::ShowTest).query(&["environment"]),
    route(Put, "/ab-test/{test_name}", Admin, A::PutTest).takes(BodyLimits::TEST).query(&["environment"]),
    route(Post, "/ab-test/{test_name}/validate", Admin, A::ValidateTest)
        .takes(BodyLimits::TEST)
        .query(&["environment"]),
    route(Post, "/ab-test/{test_name}/start", Admin, A::StartTest).takes(BodyLimits::TEXT).query(&["environment"]),
    route(Post, "/ab-test/{test_name}/stop", Admin, A::StopTest).takes(BodyLimits::TEXT).query(&["environment"]),
    route(Post, "/ab-test/{test_name}/archive", Admin, A::ArchiveTest).takes(BodyLimits::TEXT).query(&["environment"]),
    route(Put, "/ab-test/{test_name}/testers", Admin, A::ForceTesters).takes(BodyLimits::TEXT).query(&["environment"]),
    route(Put, "/ab-test-holdout", Admin, A::SetHoldout).takes(BodyLimits::TEXT).query(&["environment"]),
    route(Post, "/ofrep/v1/evaluate/flags/{key}", Person, A::EvaluateFlag).takes(BodyLimits::SMALL).at_root(),
    route(Post, "/ofrep/v1/evaluate/flags", Person, A::EvaluateFlags).takes(BodyLimits::SMALL).at_root(),
    route(Get, "/published/{pack}", Anyone, A::Published).query(&["part", "version"]),
    route(Get, "/health", Anyone, A::Health),
    route(Get, "/openapi.json", Anyone, A::OpenApi),
];

/// Finds the route of a method and a path, and the text that stands for its `{name}`.
pub fn find(method: &str, path: &str) -> Option<(&'static Route, Option<String>)> {
    let method = match method {
        "GET" => Get,
        "POST" => Post,
        "PUT" => Put,
        "DELETE" => Delete,
        _ => return None,
    };
    // The document has a second, well-known address.
    let below = if path == "/openapi.json" { Some(path) } else { path.strip_prefix(BASE) };
    // The patterns are few: one look at each takes less than a microsecond.
    ROUTES.iter().filter(|route| route.method == method).find_map(|route| {
        let rest = if route.is_at_root { Some(path) } else { below };
        Some((route, matched(route.path, rest?)?))
    })
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
                Get => "GET",
                Post => "POST",
                Put => "PUT",
                Delete => "DELETE",
            };
            let path = route.full_path().replace('{', "x-").replace('}', "");
            assert_eq!(find(method, &path).map(|(found, _)| found.action), Some(route.action), "{path}");
        }
    }

    #[test]
    fn suffixes_and_other_methods_are_not_routes() {
        let paths =
            ["/recommend/", "/recommend/x.css", "/profile", "/Recommend", "/health/../recommend", "/profile//refresh"];
        for path in paths.into_iter().chain(["/profile/a/b/refresh", "/profile/a/refresh/", "/catalog/commit"]) {
            assert!(find("POST", &format!("{BASE}{path}")).is_none(), "{path}");
        }
        assert!(find("POST", "/ofrep/v1/evaluate/flags/a/b").is_none());
        assert!(find("POST", &format!("{BASE}/ofrep/v1/evaluate/flags")).is_none());
        assert!(find("PATCH", &format!("{BASE}/recommend")).is_none());
    }
}

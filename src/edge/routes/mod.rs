//! From a request to an answer: route, keys, token, rights, body, handler. One file a resource.

mod ab_test;
mod catalogue;
mod collaborative;
mod explain;
mod exports;
mod feedback;
mod health;
mod models;
mod ofrep;
mod overview;
mod profile;
mod recommend;
mod settings;
mod table;
mod tracking;

use nearside_engine::flows::{Asker, Refusal};
use nearside_engine::ports::Surroundings;
use nearside_engine::privacy::{Audience, Principal, for_admin, for_person};
use nearside_engine::types::{AdminScope, Environment, UserId};
use nearside_engine::wire::{BodyLimits, fill_body};
use nearside_json::Read;
use worker::wasm_bindgen::JsValue;
use worker::web_sys::{Request, Response};

use crate::adapters::WebCrypto;
use crate::answered;
use crate::auth::{bearer_token, verify};
use crate::config::Config;
use crate::error::Problem;
use crate::host::EdgeHost;
use crate::http::{Kept, Query, Reply, Target, body, decoded};
pub use table::{Action, BASE, Method, ROUTES, Route, find};

/// What the address says, read by its route.
pub(crate) struct Asked {
    pub(crate) query: Query,
    path_text: Option<String>,
}

impl Asked {
    fn read(target: &Target, route: &Route, raw_text: Option<String>) -> Result<Self, Problem> {
        let path_text = match raw_text {
            None => None,
            Some(text) => Some(decoded(&text.replace('+', "%2B")).ok_or_else(Problem::no_route)?),
        };
        Ok(Self { query: target.query(route.query)?, path_text })
    }

    /// The text in the path, decoded.
    pub(crate) fn path_text(&self) -> Result<&str, Problem> {
        self.path_text.as_deref().ok_or_else(Problem::no_route)
    }
}

/// A request whose token was verified and whose body was read.
pub(crate) struct Call<'a> {
    pub(crate) host: &'a EdgeHost,
    pub(crate) principal: Principal,
    pub(crate) query: Query,
    pub(crate) body: Vec<u8>,
    limits: BodyLimits,
    path_text: Option<String>,
    if_none_match: Option<String>,
}

impl Call<'_> {
    /// Reads the body into its strict shape.
    pub(crate) fn read<T: Read>(&self) -> Result<T, Problem> {
        let mut body = T::blank();
        self.fill(&mut body).map(|()| body)
    }

    /// What of it does not depend on the shape.
    fn fill(&self, body: &mut dyn Read) -> Result<(), Problem> {
        Ok(fill_body(body, &self.body, self.limits).map_err(Refusal::from)?)
    }

    /// The text in the path, decoded.
    pub(crate) fn path_text(&self) -> Result<&str, Problem> {
        self.path_text.as_deref().ok_or_else(Problem::no_route)
    }

    /// The right to the person in the path. Somebody else's id, an unknown one and a malformed one answer alike.
    pub(crate) fn asker_in_path(&self) -> Result<Asker, Problem> {
        let user = UserId::parse(self.path_text()?).ok_or_else(Problem::no_route)?;
        let scope = for_person(self.principal, Some(user), None).map_err(Refusal::from)?;
        Ok(Asker { scope, role: self.principal.role })
    }

    /// The right to oneself, or for an admin to the person that the body names.
    pub(crate) fn asker_named(&self, named: Option<UserId>) -> Result<Asker, Problem> {
        let scope = for_person(self.principal, None, named).map_err(Refusal::from)?;
        Ok(Asker { scope, role: self.principal.role })
    }

    /// The right to the person that the query names, for admins.
    pub(crate) fn asker_in_query(&self) -> Result<Asker, Problem> {
        let named = match self.query.get("user_id") {
            None => None,
            Some(text) => {
                Some(UserId::parse(text).ok_or_else(|| Problem::bad_request(422, "user_id is a UUID in lower case"))?)
            }
        };
        self.asker_named(named)
    }

    /// The environment that an admin asks about, which is the request's own unless the query names one.
    pub(crate) fn environment(&self) -> Result<Environment, Problem> {
        match self.query.get("environment") {
            None => Ok(self.host.environment()),
            Some(name) => {
                Environment::parse(name).ok_or_else(|| Problem::bad_request(422, "environment is production or test"))
            }
        }
    }

    /// The right to look at what belongs to nobody in particular.
    pub(crate) fn monitor(&self) -> Result<AdminScope, Problem> {
        Ok(for_admin(self.principal, Audience::Monitor).map_err(Refusal::from)?)
    }

    /// The right to what belongs to nobody in particular.
    pub(crate) fn admin(&self) -> Result<AdminScope, Problem> {
        Ok(for_admin(self.principal, Audience::Admin).map_err(Refusal::from)?)
    }
}

/// Answers a request; every failure is a problem document.
pub(crate) async fn answer(request: &Request, env: &JsValue, context: &JsValue) -> Result<Response, JsValue> {
    let config = Config::read(env);
    let origin = request.headers().get("origin")?.filter(|origin| config.allowed_origins.contains(origin));
    if request.method() == "OPTIONS" && origin.is_some() {
        let preflight = Reply { kept: Kept::Checked, ..Reply::of(204, "text/plain", Vec::new()) };
        return preflight.into_response(origin.as_deref());
    }
    let reply = match serve(request, env, &config).await {
        Ok(reply) => reply,
        Err(problem) if ofrep::is_asked(&request.url()) => ofrep::failure(&problem),
        Err(problem) => Reply::problem(&problem),
    };
    answered::write_due(env, context);
    reply.into_response(origin.as_deref())
}

async fn serve(request: &Request, env: &JsValue, config: &Config) -> Result<Reply, Problem> {
    let ring = config.keys.as_ref().as_ref().map_err(|reason| Problem::no_keys(reason))?;
    let target = Target::of(&request.url())?;
    let (route, raw_text) = find(&request.method(), &target.path).ok_or_else(Problem::no_route)?;
    let mut host = EdgeHost::new(env, config)
        .ok_or_else(|| Problem::bad_request(503, "a binding is missing; see wrangler.toml"))?;
    if route.audience == Audience::Anyone {
        return health::dispatch(route.action, &Asked::read(&target, route, raw_text)?, &host, env).await;
    }
    let header = request.headers().get("authorization").ok().flatten();
    let token = bearer_token(header.as_deref()).map_err(|_| Problem::unauthorized())?;
    let claims = verify(token, ring, host.now_ms(), &WebCrypto).await.map_err(|_| Problem::unauthorized())?;
    host.move_to(claims.environment.unwrap_or(config.environment));
    host.hear(request.headers().get("sec-gpc").ok().flatten().as_deref());
    let principal = Principal { user: claims.user, role: claims.role };
    may_enter(principal, route.audience)?;
    let Asked { query, path_text } = Asked::read(&target, route, raw_text)?;
    let limits = route.limits.unwrap_or(BodyLimits::SMALL);
    let bytes = if route.limits.is_some() { body(request, limits).await? } else { Vec::new() };
    let if_none_match = request.headers().get("if-none-match").ok().flatten();
    let call = Call { host: &host, principal, query, body: bytes, limits, path_text, if_none_match };
    dispatch(route.action, &call).await
}

/// The role's right to the route itself, before anything of the request is read.
fn may_enter(principal: Principal, audience: Audience) -> Result<(), Problem> {
    match audience {
        Audience::Anyone => Ok(()),
        Audience::Person => for_person(principal, None, None).map(|_| ()),
        Audience::Monitor | Audience::Admin => for_admin(principal, audience).map(|_| ()),
    }
    .map_err(|denied| Refusal::from(denied).into())
}

async fn dispatch(action: Action, call: &Call<'_>) -> Result<Reply, Problem> {
    match action {
        Action::Recommend => recommend::recommend(call).await,
        Action::TrackOne => tracking::one(call).await,
        Action::TrackMany => tracking::many(call).await,
        Action::History => tracking::history(call).await,
        Action::ShowProfile => profile::show(call).await,
        Action::SetPreferences => profile::set_preferences(call).await,
        Action::Refresh => profile::refresh(call).await,
        Action::OwnExport => profile::own_export(call).await,
        Action::Erase => profile::erase(call).await,
        Action::GiveFeedback => feedback::give(call).await,
        Action::FeedbackHistory => feedback::history(call).await,
        Action::ExplainPath => explain::in_path(call).await,
        Action::WhySeeing => explain::in_query(call).await,
        Action::ExplainPosted => explain::posted(call).await,
        Action::ShowSettings => settings::show(call).await,
        Action::ChangeSettings => settings::change(call).await,
        Action::Switch => settings::switch(call).await,
        Action::PutPack => catalogue::put_pack(call).await,
        Action::ShowPack => catalogue::show_pack(call).await,
        Action::ChangeCatalogue => catalogue::change(call).await,
        Action::ShowCatalogue => catalogue::show(call).await,
        Action::CommitCatalogue => catalogue::commit(call).await,
        Action::ExportInteractions => exports::interactions(call).await,
        Action::ExportProfiles => exports::profiles(call).await,
        Action::Collaborative => collaborative::recommend(call).await,
        Action::PutModel => models::upload(call).await,
        Action::ModelBlob => models::show_blob(call).await,
        Action::PromoteModel | Action::RollBackModel => models::go(action, call).await,
        Action::ShowVariant => ab_test::variant(call).await,
        Action::DecideTests => ab_test::decide(call).await,
        Action::ReportOutcome => ab_test::outcome(call).await,
        Action::ShowResults => ab_test::results(call).await,
        Action::PlanTest => ab_test::plan(call).await,
        Action::ShowTests => ab_test::show_all(call).await,
        Action::ShowTest => ab_test::show(call).await,
        Action::PutTest => ab_test::put(call).await,
        Action::ValidateTest => ab_test::validate(call).await,
        Action::StartTest | Action::StopTest | Action::ArchiveTest => ab_test::go(action, call).await,
        Action::ForceTesters => ab_test::force(call).await,
        Action::SetHoldout => ab_test::hold_out(call).await,
        Action::EvaluateFlag => ofrep::one(call).await,
        Action::EvaluateFlags => ofrep::all(call).await,
        Action::ShowOverview => overview::show(call).await,
        _ => models::records(action, call).await,
    }
}

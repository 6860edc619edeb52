//! Logins, over the use case that serves them: what a visitor was decided before is what the account sees after, unless it had
//! a variant of its own.

use nearside_engine::flows::{
    Asker, Definition, MemoryHost, TestMove, VariantAnswers, VariantAsk, decide_tests, move_test, put_test,
};
use nearside_engine::math::sha256_hex;
use nearside_engine::ports::{Blobs, Pointers};
use nearside_engine::privacy::{Audience, Principal, for_admin, for_person};
use nearside_engine::types::{Environment, Role, UserId};
use nearside_json::read_json;

use crate::ready;

const PACK: &str = r#"{"format": 1, "id": "shop", "version": "1", "title": "A shop", "language": "en-GB", "kinds": ["article"],
    "consent_basis": "opt_out", "categories": [{"id": "HATS", "name": "Hats"}], "scopes": [{"id": "home"}], "countries": ["GB"],
    "words": {"building_message": "Building.", "show_more": "More", "tones": [{"id": "plain"}], "reasons": [], "benefits": [],
        "examples": [], "context": {}, "deadline": "Until {date}.", "months": [], "abbreviations": [],
        "protected": {"negations": [], "conditions": [], "warnings": []}, "currencies": {},
        "sentiment": {"positive": [], "negative": [], "negators": []},
        "explain": {"primary": [], "improve": [], "none": "", "logic": "", "data_used": {}, "terms": {}}}}"#;
const ADMIN: &str = "00000000-0000-7000-8000-0000000000ad";
const TEST: &str = "RAMP";

/// Two hosts with the same test of three variants: as it started, and with other shares since.
pub(crate) struct Logins {
    started: MemoryHost,
    changed: MemoryHost,
}

/// What somebody is told of the test.
struct Told {
    variant: String,
    is_counted: bool,
    token: String,
}

impl Logins {
    /// Prepares both.
    pub(crate) fn new() -> Result<Self, String> {
        let changed = host_of_test()?;
        write(&changed, [40.0, 35.0, 25.0])?;
        Ok(Self { started: host_of_test()?, changed })
    }

    /// Has a visitor log in to an account, which had a variant of its own or not, and again after the shares have changed.
    /// Returns whether each of the two saw another variant than before.
    pub(crate) fn flips(&self, visitor: &str, account: &str, has_own: bool) -> Result<[bool; 2], String> {
        let before = told(&self.started, visitor, None)?;
        let own = if has_own { Some(told(&self.started, account, None)?) } else { None };
        let brought = own.as_ref().map_or(before.token.clone(), |own| [&own.token, "~", &before.token].concat());
        let expected = &own.as_ref().unwrap_or(&before).variant;
        let is_flip = |told: &Told| told.variant != *expected || !told.is_counted;
        let first = told(&self.started, account, Some(brought))?;
        let carried = if has_own { [&first.token, "~", &before.token].concat() } else { first.token.clone() };
        let again = told(&self.changed, account, Some(carried))?;
        Ok([is_flip(&first), is_flip(&again)])
    }
}

fn host_of_test() -> Result<MemoryHost, String> {
    let mut host = MemoryHost::new(0);
    host.set_experiment_keys(vec![b"thirty-two bytes of chance, or so".to_vec()]);
    let version = sha256_hex(PACK.as_bytes());
    ready::now(Blobs::put(&host, &format!("pack/{version}"), PACK.as_bytes()))?
        .map_err(|down| down.reason.to_owned())?;
    let pointers = [("pack/shop".to_owned(), version), ("default_pack".to_owned(), "shop".to_owned())];
    host.set_pointers(&Pointers::from(pointers));
    write(&host, [50.0, 30.0, 20.0])?;
    let admin = for_admin(Principal { user: user(ADMIN)?, role: Role::Admin }, Audience::Admin);
    let admin = admin.map_err(|denied| format!("{denied:?}"))?;
    let started = move_test(&host, admin, Environment::Production, TEST, TestMove::Start, "a bench");
    ready::now(started)?.map_err(|refusal| refusal.detail)?;
    Ok(host)
}

fn write(host: &MemoryHost, shares: [f64; 3]) -> Result<(), String> {
    let [control, one, two] = shares;
    let definition = format!(
        r#"{{"reason":"a bench","variants":[{{"name":"CONTROL","traffic_percentage":{control}}},
            {{"name":"ONE","traffic_percentage":{one}}},{{"name":"TWO","traffic_percentage":{two}}}]}}"#
    );
    let definition: Definition = read_json(definition.as_bytes()).map_err(|fault| format!("{fault:?}"))?;
    let admin = for_admin(Principal { user: user(ADMIN)?, role: Role::Admin }, Audience::Admin);
    let admin = admin.map_err(|denied| format!("{denied:?}"))?;
    let written = put_test(host, admin, Environment::Production, TEST, definition);
    ready::now(written)?.map_err(|refusal| refusal.detail).map(drop)
}

fn told(host: &MemoryHost, whose: &str, token: Option<String>) -> Result<Told, String> {
    let principal = Principal { user: user(whose)?, role: Role::Client };
    let scope = for_person(principal, None, None).map_err(|denied| format!("{denied:?}"))?;
    let ask = VariantAsk { experiments_token: token, ..VariantAsk::default() };
    let answers = ready::now(decide_tests(host, &Asker { scope, role: Role::Client }, ask))?;
    let VariantAnswers { mut tests, experiments_token, .. } = answers.map_err(|refusal| refusal.detail)?;
    let answer = tests.pop().ok_or("the test does not run")?;
    let token = experiments_token.ok_or("nothing was sealed")?;
    Ok(Told { variant: answer.variant, is_counted: answer.counted, token })
}

fn user(id: &str) -> Result<UserId, String> {
    UserId::parse(id).ok_or_else(|| format!("{id} is no user id"))
}

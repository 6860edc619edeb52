//! Lets a host that owns the adapters be every port at once: `delegate_ports!(Host, store, blobs, queue)` names the
//! fields that answer. The engine's flows ask for one value; which adapter answers is decided here and nowhere else.
//! The adapters' own futures are handed on: an `async fn` around each would be a state machine more.

/// Implements the ports of a host by handing each call to one of its fields.
macro_rules! delegate_ports {
    ($host:ty, $store:ident, $blobs:ident, $queue:ident) => {
        const _: () = {
            use nearside_engine::ports::*;
            use nearside_engine::types::*;

            type Answer<T> = Result<T, Unavailable>;

            impl People for $host {
                fn load(&self, scope: PersonScope, ids: &[String]) -> impl Future<Output = Answer<PersonRecord>> {
                    self.$store.load(scope, ids)
                }
                fn consents(&self, scopes: &[PersonScope]) -> impl Future<Output = Answer<(Pointers, Vec<Settings>)>> {
                    self.$store.consents(scopes)
                }
                fn load_many(&self, scopes: &[PersonScope]) -> impl Future<Output = Answer<Vec<PersonRecord>>> {
                    self.$store.load_many(scopes)
                }
                fn save_settings(
                    &self,
                    scope: PersonScope,
                    change: &SettingsChange,
                    expected: u64,
                ) -> impl Future<Output = Answer<Saved>> {
                    self.$store.save_settings(scope, change, expected)
                }
                fn save_stated(
                    &self,
                    scope: PersonScope,
                    stated: &Stated,
                    at_ms: TimeMs,
                    expected: u64,
                ) -> impl Future<Output = Answer<Saved>> {
                    self.$store.save_stated(scope, stated, at_ms, expected)
                }
                fn erase(
                    &self,
                    scope: PersonScope,
                    receipt_id: &str,
                    at_ms: TimeMs,
                ) -> impl Future<Output = Answer<ErasureReceipt>> {
                    self.$store.erase(scope, receipt_id, at_ms)
                }
                fn export(&self, scope: PersonScope) -> impl Future<Output = Answer<String>> {
                    People::export(&self.$store, scope)
                }
                fn feedback(&self, scope: PersonScope, limit: u32) -> impl Future<Output = Answer<Vec<FeedbackRow>>> {
                    self.$store.feedback(scope, limit)
                }
            }

            impl InteractionLog for $host {
                fn known(&self, ids: &[(PersonScope, String)]) -> impl Future<Output = Answer<Vec<KnownId>>> {
                    self.$store.known(ids)
                }
                fn apply(&self, writes: &[PersonWrite]) -> impl Future<Output = Answer<Vec<Applied>>> {
                    self.$store.apply(writes)
                }
                fn page(
                    &self,
                    scope: PersonScope,
                    after: Option<Cursor>,
                    limit: u32,
                ) -> impl Future<Output = Answer<LoggedPage>> {
                    self.$store.page(scope, after, limit)
                }
                fn all(&self, scope: PersonScope) -> impl Future<Output = Answer<(Option<String>, Vec<Interaction>)>> {
                    self.$store.all(scope)
                }
                fn replace_state(&self, write: &PersonWrite) -> impl Future<Output = Answer<Applied>> {
                    self.$store.replace_state(write)
                }
                fn export(
                    &self,
                    scope: AdminScope,
                    after: i64,
                    limit: u32,
                ) -> impl Future<Output = Answer<ExportPage>> {
                    InteractionLog::export(&self.$store, scope, after, limit)
                }
                fn export_profiles(
                    &self,
                    scope: AdminScope,
                    after: i64,
                    limit: u32,
                ) -> impl Future<Output = Answer<Vec<SharedProfile>>> {
                    self.$store.export_profiles(scope, after, limit)
                }
            }

            impl Library for $host {
                fn pointers(&self) -> impl Future<Output = Answer<Pointers>> {
                    self.$store.pointers()
                }
                fn point(
                    &self,
                    scope: AdminScope,
                    changes: &Pointers,
                    at_ms: TimeMs,
                ) -> impl Future<Output = Answer<()>> {
                    self.$store.point(scope, changes, at_ms)
                }
                fn change_draft(
                    &self,
                    scope: AdminScope,
                    change: &DraftChange,
                    at_ms: TimeMs,
                ) -> impl Future<Output = Answer<u32>> {
                    self.$store.change_draft(scope, change, at_ms)
                }
                fn draft(&self, scope: AdminScope, pack: &str) -> impl Future<Output = Answer<Vec<Item>>> {
                    self.$store.draft(scope, pack)
                }
            }

            impl Upkeep for $host {
                fn expired_people(
                    &self,
                    default_days: u16,
                    now_ms: TimeMs,
                    limit: u32,
                ) -> impl Future<Output = Answer<Vec<ExpiredPerson>>> {
                    self.$store.expired_people(default_days, now_ms, limit)
                }
                fn expiring(&self, scope: PersonScope, before_ms: TimeMs) -> impl Future<Output = Answer<Expiring>> {
                    self.$store.expiring(scope, before_ms)
                }
                fn checkpoint(&self, write: &CheckpointWrite) -> impl Future<Output = Answer<Applied>> {
                    self.$store.checkpoint(write)
                }
                fn active_people(
                    &self,
                    since_ms: TimeMs,
                    after: Option<UserId>,
                    limit: u32,
                ) -> impl Future<Output = Answer<Vec<UserId>>> {
                    self.$store.active_people(since_ms, after, limit)
                }
                fn write_features(
                    &self,
                    people: &[PersonScope],
                    is_opt_out: bool,
                    now_ms: TimeMs,
                ) -> impl Future<Output = Answer<u32>> {
                    self.$store.write_features(people, is_opt_out, now_ms)
                }
                fn refresh_popularity(
                    &self,
                    since_ms: TimeMs,
                    now_ms: TimeMs,
                    least_people: u32,
                ) -> impl Future<Output = Answer<u32>> {
                    self.$store.refresh_popularity(since_ms, now_ms, least_people)
                }
                fn popularity(&self, pack: &str) -> impl Future<Output = Answer<Vec<PopularItem>>> {
                    self.$store.popularity(pack)
                }
                fn purge(&self, limits: &PurgeLimits) -> impl Future<Output = Answer<SortedMap<String, u64>>> {
                    self.$store.purge(limits)
                }
            }

            impl Blobs for $host {
                fn get(&self, name: &str) -> impl Future<Output = Answer<Option<Vec<u8>>>> {
                    self.$blobs.get(name)
                }
                fn put(&self, name: &str, bytes: &[u8]) -> impl Future<Output = Answer<()>> {
                    self.$blobs.put(name, bytes)
                }
                fn remove(&self, name: &str) -> impl Future<Output = Answer<()>> {
                    self.$blobs.remove(name)
                }
            }

            impl Models for $host {
                fn model_records(
                    &self,
                    scope: AdminScope,
                    ask: ModelAsk,
                    facts: &ModelFacts,
                    at_ms: TimeMs,
                ) -> impl Future<Output = Answer<String>> {
                    self.$store.model_records(scope, ask, facts, at_ms)
                }
            }

            impl Figures for $host {
                fn figures(
                    &self,
                    scope: AdminScope,
                    ask: FiguresAsk,
                    facts: &ModelFacts,
                    at_ms: TimeMs,
                ) -> impl Future<Output = Answer<String>> {
                    self.$store.figures(scope, ask, facts, at_ms)
                }
            }

            impl Neighbours for $host {
                fn neighbours_choices(&self, scope: PersonScope) -> impl Future<Output = Answer<NeighboursChoices>> {
                    self.$store.neighbours_choices(scope)
                }
            }

            impl Experiments for $host {
                fn definition_set(&self, environment: Environment) -> impl Future<Output = Answer<String>> {
                    self.$store.definition_set(environment)
                }
                fn report_tests(
                    &self,
                    scope: AdminScope,
                    environment: Environment,
                    test: Option<&str>,
                    now_ms: TimeMs,
                ) -> impl Future<Output = Answer<String>> {
                    self.$store.report_tests(scope, environment, test, now_ms)
                }
                fn change_test(
                    &self,
                    scope: AdminScope,
                    change: &TestChange,
                    expected: &str,
                    at_ms: TimeMs,
                ) -> impl Future<Output = Answer<Applied>> {
                    self.$store.change_test(scope, change, expected, at_ms)
                }
                fn force(
                    &self,
                    scope: AdminScope,
                    environment: Environment,
                    test: &str,
                    testers: &[Tester],
                    reason: &str,
                    at_ms: TimeMs,
                ) -> impl Future<Output = Answer<()>> {
                    self.$store.force(scope, environment, test, testers, reason, at_ms)
                }
                fn assignments(
                    &self,
                    scope: PersonScope,
                    environment: Environment,
                    units: &[Unit],
                ) -> impl Future<Output = Answer<Vec<Assignment>>> {
                    self.$store.assignments(scope, environment, units)
                }
                fn statistics_of_test(
                    &self,
                    scope: AdminScope,
                    environment: Environment,
                    test: &str,
                ) -> impl Future<Output = Answer<TestStatistics>> {
                    self.$store.statistics_of_test(scope, environment, test)
                }
                fn settle_tests(&self, now_ms: TimeMs) -> impl Future<Output = Answer<u32>> {
                    self.$store.settle_tests(now_ms)
                }
            }

            impl EventQueue for $host {
                fn send(&self, messages: &[String]) -> impl Future<Output = Answer<usize>> {
                    self.$queue.send(messages)
                }
            }
        };
    };
}

pub(crate) use delegate_ports;

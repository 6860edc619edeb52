//! Lets a host that owns the adapters be every port at once: `delegate_ports!(Host, store, blobs, queue)` names the
//! fields that answer. The engine's flows ask for one value; which adapter answers is decided here and nowhere else.

/// Implements the ports of a host by handing each call to one of its fields.
macro_rules! delegate_ports {
    ($host:ty, $store:ident, $blobs:ident, $queue:ident) => {
        const _: () = {
            use nearside_engine::ports::*;
            use nearside_engine::types::*;

            type Answer<T> = Result<T, Unavailable>;

            impl People for $host {
                async fn load(&self, scope: PersonScope, ids: &[String]) -> Answer<PersonRecord> {
                    self.$store.load(scope, ids).await
                }
                async fn consents(&self, scopes: &[PersonScope]) -> Answer<(Pointers, Vec<Settings>)> {
                    self.$store.consents(scopes).await
                }
                async fn load_many(&self, scopes: &[PersonScope]) -> Answer<Vec<PersonRecord>> {
                    self.$store.load_many(scopes).await
                }
                async fn save_settings(
                    &self,
                    scope: PersonScope,
                    change: &SettingsChange,
                    expected: u64,
                ) -> Answer<Saved> {
                    self.$store.save_settings(scope, change, expected).await
                }
                async fn save_stated(
                    &self,
                    scope: PersonScope,
                    stated: &Stated,
                    at_ms: TimeMs,
                    expected: u64,
                ) -> Answer<Saved> {
                    self.$store.save_stated(scope, stated, at_ms, expected).await
                }
                async fn erase(&self, scope: PersonScope, receipt_id: &str, at_ms: TimeMs) -> Answer<ErasureReceipt> {
                    self.$store.erase(scope, receipt_id, at_ms).await
                }
                async fn export(&self, scope: PersonScope) -> Answer<serde_json::Value> {
                    People::export(&self.$store, scope).await
                }
                async fn feedback(&self, scope: PersonScope, limit: u32) -> Answer<Vec<FeedbackRow>> {
                    self.$store.feedback(scope, limit).await
                }
            }

            impl InteractionLog for $host {
                async fn known(&self, ids: &[(PersonScope, String)]) -> Answer<Vec<(UserId, String)>> {
                    self.$store.known(ids).await
                }
                async fn apply(&self, writes: &[PersonWrite]) -> Answer<Vec<Applied>> {
                    self.$store.apply(writes).await
                }
                async fn page(&self, scope: PersonScope, after: Option<Cursor>, limit: u32) -> Answer<LoggedPage> {
                    self.$store.page(scope, after, limit).await
                }
                async fn all(&self, scope: PersonScope) -> Answer<(Option<String>, Vec<Interaction>)> {
                    self.$store.all(scope).await
                }
                async fn replace_state(&self, write: &PersonWrite) -> Answer<Applied> {
                    self.$store.replace_state(write).await
                }
                async fn export(&self, scope: AdminScope, after: i64, limit: u32) -> Answer<ExportPage> {
                    InteractionLog::export(&self.$store, scope, after, limit).await
                }
                async fn export_profiles(
                    &self,
                    scope: AdminScope,
                    after: i64,
                    limit: u32,
                ) -> Answer<Vec<serde_json::Value>> {
                    self.$store.export_profiles(scope, after, limit).await
                }
            }

            impl Library for $host {
                async fn pointers(&self) -> Answer<Pointers> {
                    self.$store.pointers().await
                }
                async fn point(&self, scope: AdminScope, changes: &Pointers, at_ms: TimeMs) -> Answer<()> {
                    self.$store.point(scope, changes, at_ms).await
                }
                async fn change_draft(&self, scope: AdminScope, change: &DraftChange, at_ms: TimeMs) -> Answer<u32> {
                    self.$store.change_draft(scope, change, at_ms).await
                }
                async fn draft(&self, scope: AdminScope, pack: &str) -> Answer<Vec<Item>> {
                    self.$store.draft(scope, pack).await
                }
            }

            impl Upkeep for $host {
                async fn expired_people(
                    &self,
                    default_days: u16,
                    now_ms: TimeMs,
                    limit: u32,
                ) -> Answer<Vec<ExpiredPerson>> {
                    self.$store.expired_people(default_days, now_ms, limit).await
                }
                async fn expiring(&self, scope: PersonScope, before_ms: TimeMs) -> Answer<Expiring> {
                    self.$store.expiring(scope, before_ms).await
                }
                async fn checkpoint(&self, write: &CheckpointWrite) -> Answer<Applied> {
                    self.$store.checkpoint(write).await
                }
                async fn active_people(
                    &self,
                    since_ms: TimeMs,
                    after: Option<UserId>,
                    limit: u32,
                ) -> Answer<Vec<UserId>> {
                    self.$store.active_people(since_ms, after, limit).await
                }
                async fn write_features(
                    &self,
                    people: &[PersonScope],
                    is_opt_out: bool,
                    now_ms: TimeMs,
                ) -> Answer<u32> {
                    self.$store.write_features(people, is_opt_out, now_ms).await
                }
                async fn refresh_popularity(&self, since_ms: TimeMs, now_ms: TimeMs, least_people: u32) -> Answer<u32> {
                    self.$store.refresh_popularity(since_ms, now_ms, least_people).await
                }
                async fn popularity(&self, pack: &str) -> Answer<Vec<PopularItem>> {
                    self.$store.popularity(pack).await
                }
                async fn purge(&self, limits: &PurgeLimits) -> Answer<SortedMap<String, u64>> {
                    self.$store.purge(limits).await
                }
            }

            impl Blobs for $host {
                async fn get(&self, name: &str) -> Answer<Option<Vec<u8>>> {
                    self.$blobs.get(name).await
                }
                async fn put(&self, name: &str, bytes: &[u8]) -> Answer<()> {
                    self.$blobs.put(name, bytes).await
                }
                async fn remove(&self, name: &str) -> Answer<()> {
                    self.$blobs.remove(name).await
                }
            }

            impl Models for $host {
                async fn model_records(
                    &self,
                    scope: AdminScope,
                    ask: ModelAsk,
                    facts: &ModelFacts,
                    at_ms: TimeMs,
                ) -> Answer<String> {
                    self.$store.model_records(scope, ask, facts, at_ms).await
                }
            }

            impl Neighbours for $host {
                async fn neighbours_choices(&self, scope: PersonScope) -> Answer<NeighboursChoices> {
                    self.$store.neighbours_choices(scope).await
                }
            }

            impl EventQueue for $host {
                async fn send(&self, messages: &[String]) -> Answer<usize> {
                    self.$queue.send(messages).await
                }
            }
        };
    };
}

pub(crate) use delegate_ports;

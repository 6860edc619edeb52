-- Under the Global Privacy Control signal (Sec-GPC: 1) only a yes holds that was said under it. What was said before this
-- column was asked of nobody's signal, so it does not.
-- Read by: adapters/people_d1.rs (with the other switches), adapters/sql/people.rs (export, audit).

ALTER TABLE personalization_settings
    ADD COLUMN consented_under_signal INTEGER NOT NULL DEFAULT 0 CHECK (consented_under_signal IN (0, 1)); -- the yes came with the signal

-- What a verified receipt said of an interaction stays with it, so that exposure, reward and the propensity of the place
-- can be read together later, by a rebuild or by an export.
-- Read by: adapters/interactions_d1.rs, people_d1.rs (own export).

-- JSON of the decision, tests with variants, propensity and model. personal: retained 365 days
ALTER TABLE user_interactions ADD COLUMN receipt TEXT;

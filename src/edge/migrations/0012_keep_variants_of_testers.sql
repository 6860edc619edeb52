-- A unit that was counted before an admin made it a tester keeps what it saw, so that it goes on as it was when it is taken
-- back: neither is it exposed twice, nor do its conversions count again.
-- Read by: adapters/experiments_d1.rs (testers).

-- The variant that the unit is counted with, while it is shown another as a tester; NULL of any other row
ALTER TABLE ab_test_assignments ADD COLUMN counted_variant TEXT;

-- What went wrong last with a sync target, also after it went well again.
ALTER TABLE sync_progress
    ADD COLUMN last_failure    text,
    ADD COLUMN last_failure_at timestamptz;
UPDATE sync_progress SET last_failure = failure, last_failure_at = reported_at WHERE failure IS NOT NULL;

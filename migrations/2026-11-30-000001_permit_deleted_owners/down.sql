-- Deleted owners get an external id that no other has: ids of principals are unique.
UPDATE principals SET external_id = 'deleted owner ' || id WHERE kind = 'owner' AND external_id IS NULL;
ALTER TABLE principals
    DROP CONSTRAINT principals_by_kind,
    ADD CONSTRAINT principals_by_kind CHECK (CASE kind
        WHEN 'user' THEN project_id = 1 AND name IS NOT NULL AND external_id IS NULL
        WHEN 'service_account' THEN name IS NOT NULL AND external_id IS NULL AND password_hash IS NULL
            AND NOT is_administrator
        ELSE external_id IS NOT NULL AND name IS NULL AND password_hash IS NULL AND NOT is_administrator END);

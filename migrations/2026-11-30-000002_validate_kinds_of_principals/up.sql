-- Reads principals, under a SHARE UPDATE EXCLUSIVE lock, which blocks neither reads nor writes.
ALTER TABLE principals VALIDATE CONSTRAINT principals_by_kind;

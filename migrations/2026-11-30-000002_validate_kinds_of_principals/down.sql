-- A constraint stays valid.
SELECT;

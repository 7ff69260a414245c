-- Which integration another one depends on: its credentials are used, and its rows are listed.
ALTER TABLE integrations ADD COLUMN depends_on bigint REFERENCES integrations (id);
CREATE INDEX integrations_depends_on_idx ON integrations (depends_on) WHERE depends_on IS NOT NULL;

-- So far it was the one with the first id.
UPDATE integrations child
SET depends_on = (SELECT parent.id
                  FROM integrations parent
                  WHERE parent.organization_id = child.organization_id
                    AND parent.state = 'active'
                    AND parent.service_name = d.definition::jsonb ->> 'parent'
                  ORDER BY parent.opaque_id COLLATE "C"
                  LIMIT 1)
FROM definitions d
WHERE d.hash = child.definition_hash
  AND child.state = 'active'
  AND d.definition::jsonb ->> 'parent' IS NOT NULL;

-- Names of views are what names of tables may be.
ALTER TABLE saved_views DROP CONSTRAINT saved_views_name_check;
ALTER TABLE saved_views ADD CONSTRAINT saved_views_name_check
    CHECK (name ~ '^[A-Za-z_][A-Za-z0-9_ ]{0,62}$');
